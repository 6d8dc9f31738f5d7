package build

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"time"
)

// buildRecord is what is kept of a build beside its output: build.json in the
// folder of a whole one, KEY.failed.json for one that failed.
type buildRecord struct {
	Variant  int           `json:"variant"`        // its place in the manifest
	Artifact string        `json:"artifact"`       // relative to the folder, with slashes
	Size     int64         `json:"size,omitempty"` // of the artifact, bytes; 0: it is a folder, or not known
	Version  string        `json:"version"`
	Fallback string        `json:"fallback,omitempty"` // why it is not a variant before this one
	Failure  string        `json:"failure,omitempty"`
	Built    time.Time     `json:"built"`
	Took     time.Duration `json:"took_ns"`
}

func readRecord(file string) (record buildRecord, ok bool) {
	data, err := os.ReadFile(file)
	if err != nil {
		return buildRecord{}, false
	}
	return record, json.Unmarshal(data, &record) == nil
}

func (r buildRecord) write(file string) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(data, '\n'), 0o644)
}

func removeIfThere(file string) error {
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
