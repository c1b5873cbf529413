// Reader answers questions about notes, logs and proofs that fairtakt wrote, by the rules of golang.org/x/mod
// and not by fairtakt's own: a second opinion from software that this project did not write.
//
// One JSON object per line comes in, one goes out, with what was read or with the reason for refusing it.
// Bytes are in base64, as encoding/json has them.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"golang.org/x/mod/sumdb/tlog"
)

// A request asks about a note, a checkpoint, a log, a proof file, an inclusion or a consistency proof.
type request struct {
	Ask       string   `json:"ask"`
	Keys      []string `json:"keys"`      // verifier keys; each of them must have signed, the log's comes first
	Content   []byte   `json:"content"`   // the note, checkpoint or proof file
	Directory string   `json:"directory"` // of a log
	Entry     []byte   `json:"entry"`
	Proof     [][]byte `json:"proof"` // hashes
	Index     int64    `json:"index"`
	Size      int64    `json:"size"`
	Root      []byte   `json:"root"`
	OldSize   int64    `json:"old_size"`
	OldRoot   []byte   `json:"old_root"`
}

// A reply is either a reason for refusing or what was read.
type reply struct {
	Refused string `json:"refused,omitempty"`
	Text    string `json:"text,omitempty"`
	Size    int64  `json:"size,omitempty"`
	Root    []byte `json:"root,omitempty"`
	Tiles   int    `json:"tiles,omitempty"` // how many were compared
}

func main() {
	requests := json.NewDecoder(bufio.NewReader(os.Stdin))
	requests.DisallowUnknownFields()
	replies := json.NewEncoder(os.Stdout)
	for requests.More() {
		var asked request
		if err := requests.Decode(&asked); err != nil {
			log.Fatal(err)
		}
		answer, err := asked.answer()
		if err != nil {
			answer = reply{Refused: err.Error()}
		}
		if err := replies.Encode(answer); err != nil {
			log.Fatal(err)
		}
	}
}

func (r request) answer() (reply, error) {
	switch r.Ask {
	case "note":
		text, err := openNote(r.Content, r.Keys)
		return reply{Text: text}, err
	case "checkpoint":
		tree, err := openCheckpoint(r.Content, r.Keys)
		return of(tree), err
	case "log":
		tree, tiles, err := checkLog(r.Directory, r.Keys)
		answer := of(tree)
		answer.Tiles = tiles
		return answer, err
	case "proof file":
		tree, err := checkProofFile(r.Content, r.Entry, r.Keys)
		return of(tree), err
	case "inclusion":
		return reply{Size: r.Size}, checkInclusion(r)
	case "consistency":
		return reply{Size: r.Size}, checkConsistency(r)
	}
	return reply{}, fmt.Errorf("unknown question %q", r.Ask)
}

func of(tree tlog.Tree) reply {
	return reply{Size: tree.N, Root: tree.Hash[:]}
}
