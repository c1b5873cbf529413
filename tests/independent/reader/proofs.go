package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// checkProofFile opens a proof after https://c2sp.org/tlog-proof and returns the tree that holds the entry.
func checkProofFile(content, entry []byte, keys []string) (tlog.Tree, error) {
	head, checkpoint, found := strings.Cut(string(content), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return tlog.Tree{}, errors.New("not a proof")
	}
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	if err != nil || lines[0] != fmt.Sprintf("index %d", index) {
		return tlog.Tree{}, errors.New("proof without an index")
	}
	proof := make(tlog.RecordProof, len(lines)-1)
	for i, line := range lines[1:] {
		if proof[i], err = parseHash(line); err != nil {
			return tlog.Tree{}, err
		}
	}
	tree, err := openCheckpoint([]byte(checkpoint), keys)
	if err != nil {
		return tlog.Tree{}, err
	}
	return tree, tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry))
}

func checkInclusion(r request) error {
	proof, err := toHashes(append(r.Proof, r.Root))
	if err != nil {
		return err
	}
	last := len(proof) - 1
	return tlog.CheckRecord(proof[:last], r.Size, proof[last], r.Index, tlog.RecordHash(r.Entry))
}

func checkConsistency(r request) error {
	proof, err := toHashes(append(r.Proof, r.Root, r.OldRoot))
	if err != nil {
		return err
	}
	last := len(proof) - 2
	return tlog.CheckTree(proof[:last], r.Size, proof[last], r.OldSize, proof[last+1])
}

func toHashes(values [][]byte) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(values))
	for i, value := range values {
		if len(value) != tlog.HashSize {
			return nil, fmt.Errorf("hash of %d bytes", len(value))
		}
		copy(hashes[i][:], value)
	}
	return hashes, nil
}

func parseHash(line string) (tlog.Hash, error) {
	value, err := base64.StdEncoding.Strict().DecodeString(line)
	if err != nil {
		return tlog.Hash{}, err
	}
	hashes, err := toHashes([][]byte{value})
	if err != nil {
		return tlog.Hash{}, err
	}
	return hashes[0], nil
}
