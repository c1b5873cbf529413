package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
	entryLevel = -1 // tlog's word for records
)

// checkLog rebuilds a whole log from its entries and compares: root with checkpoint, each tile with tlog's own.
// It returns the tree and the number of tiles.
func checkLog(directory string, keys []string) (tlog.Tree, int, error) {
	checkpoint, err := os.ReadFile(filepath.Join(directory, "checkpoint"))
	if err != nil {
		return tlog.Tree{}, 0, err
	}
	tree, err := openCheckpoint(checkpoint, keys)
	if err != nil {
		return tlog.Tree{}, 0, err
	}
	hashes, err := hashEntries(directory, tree.N)
	if err != nil {
		return tlog.Tree{}, 0, err
	}
	root, err := tlog.TreeHash(tree.N, hashes)
	if err != nil {
		return tlog.Tree{}, 0, err
	}
	if root != tree.Hash {
		return tlog.Tree{}, 0, errors.New("entries do not make the root")
	}
	tiles := tilesOf(tree.N)
	for _, tile := range tiles {
		if err := compareTile(directory, tile, hashes); err != nil {
			return tlog.Tree{}, 0, err
		}
	}
	return tree, len(tiles), nil
}

// A storage holds all hashes of a tree in tlog's own order.
type storage []tlog.Hash

func (s storage) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		found[i] = s[index]
	}
	return found, nil
}

func hashEntries(directory string, size int64) (storage, error) {
	var hashes storage
	for start := int64(0); start < size; start += tileWidth {
		width := least(size-start, tileWidth)
		path := pathOf(tlog.Tile{H: tileHeight, L: entryLevel, N: start / tileWidth, W: int(width)})
		bundle, err := os.ReadFile(filepath.Join(directory, path))
		if err != nil {
			return nil, err
		}
		entries, err := splitEntries(bundle)
		if err != nil || int64(len(entries)) != width {
			return nil, fmt.Errorf("%s: %d entries, expected %d", path, len(entries), width)
		}
		for i, entry := range entries {
			more, err := tlog.StoredHashes(start+int64(i), entry, hashes)
			if err != nil {
				return nil, err
			}
			hashes = append(hashes, more...)
		}
	}
	return hashes, nil
}

// splitEntries takes a bundle apart: each entry stands behind its length, two bytes, big-endian.
func splitEntries(bundle []byte) ([][]byte, error) {
	var entries [][]byte
	for len(bundle) > 0 {
		if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
			return nil, errors.New("bundle is cut off")
		}
		end := 2 + int(binary.BigEndian.Uint16(bundle))
		entries, bundle = append(entries, bundle[2:end]), bundle[end:]
	}
	return entries, nil
}

// tilesOf returns the tiles that a log of this size publishes: all full ones, and the last one of each level.
func tilesOf(size int64) []tlog.Tile {
	var tiles []tlog.Tile
	for level := 0; size>>(tileHeight*level) > 0; level++ {
		hashes := size >> (tileHeight * level)
		for start := int64(0); start < hashes; start += tileWidth {
			width := int(least(hashes-start, tileWidth))
			tiles = append(tiles, tlog.Tile{H: tileHeight, L: level, N: start / tileWidth, W: width})
		}
	}
	return tiles
}

func compareTile(directory string, tile tlog.Tile, hashes storage) error {
	written, err := os.ReadFile(filepath.Join(directory, pathOf(tile)))
	if err != nil {
		return err
	}
	expected, err := tlog.ReadTileData(tile, hashes)
	if err != nil {
		return err
	}
	if !bytes.Equal(written, expected) {
		return fmt.Errorf("%s differs from tlog's tile", pathOf(tile))
	}
	return nil
}

// pathOf returns tlog's path of a tile without the height, which C2SP fixes, and with C2SP's word for records.
func pathOf(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	return "tile/" + strings.Replace(path, "data/", "entries/", 1)
}

func least(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}
