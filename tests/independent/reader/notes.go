package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// openNote returns the text of a note that every one of the keys has signed.
func openNote(content []byte, keys []string) (string, error) {
	verifiers := make([]note.Verifier, len(keys))
	for i, key := range keys {
		verifier, err := newVerifier(key)
		if err != nil {
			return "", err
		}
		verifiers[i] = verifier
	}
	opened, err := note.Open(content, note.VerifierList(verifiers...))
	if err != nil {
		return "", err
	}
	// x/mod verifies at most one signature per key, so counting them is enough.
	if len(opened.Sigs) != len(keys) {
		return "", fmt.Errorf("signed by %d of %d keys", len(opened.Sigs), len(keys))
	}
	for _, signature := range opened.Sigs {
		// x/mod overlooks the unused bits at the end of base64: another spelling of the same signature.
		if _, err := base64.StdEncoding.Strict().DecodeString(signature.Base64); err != nil {
			return "", err
		}
	}
	return opened.Text, nil
}

// openCheckpoint returns size and root of a checkpoint. The first key is the log's, and its name the first line.
func openCheckpoint(content []byte, keys []string) (tlog.Tree, error) {
	text, err := openNote(content, keys)
	if err != nil {
		return tlog.Tree{}, err
	}
	origin, _, _ := strings.Cut(keys[0], "+")
	if !strings.HasPrefix(text, origin+"\n") {
		return tlog.Tree{}, errors.New("checkpoint of another log")
	}
	// x/mod reads the checkpoints of one log only; apart from the name in the first line, ours are the same.
	return tlog.ParseTree([]byte("go.sum database tree\n" + strings.TrimPrefix(text, origin+"\n")))
}

const cosignatureType = 0x04

// newVerifier reads a verifier key. x/mod knows type 0x01; the co-signatures of witnesses are added here.
func newVerifier(key string) (note.Verifier, error) {
	name, rest, _ := strings.Cut(key, "+")
	id, encoded, _ := strings.Cut(rest, "+")
	public, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(public) != 1+ed25519.PublicKeySize || public[0] != cosignatureType {
		return note.NewVerifier(key)
	}
	digest := sha256.Sum256(append([]byte(name+"\n"), public...))
	hash := binary.BigEndian.Uint32(digest[:])
	if fmt.Sprintf("%08x", hash) != id {
		return nil, errors.New("key does not fit its ID")
	}
	return cosigner{name, hash, public[1:]}, nil
}

// A cosigner verifies Ed25519 co-signatures, after https://c2sp.org/tlog-cosignature.
type cosigner struct {
	name   string
	hash   uint32
	public ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }

func (c cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	time := binary.BigEndian.Uint64(signature)
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", time, text)
	return time <= math.MaxInt64 && ed25519.Verify(c.public, []byte(signed), signature[8:])
}
