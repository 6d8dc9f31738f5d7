package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"time"
)

// intervalsOf counts the load's intervals in a recording; whole says that each begins
// where the one before ended.
func intervalsOf(path string) (count int, whole bool, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, false, err
	}
	defer file.Close()
	zip, err := gzip.NewReader(file)
	if err != nil {
		return 0, false, err
	}
	lines := bufio.NewScanner(zip)
	lines.Buffer(nil, 64<<20)
	whole = true
	last := int64(0)
	for lines.Scan() {
		var event struct {
			Kind string
			Body struct {
				Warmup   bool
				Measures struct {
					From int64 `json:"from_ns"`
					To   int64 `json:"to_ns"`
				}
			}
		}
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil || event.Kind != "load" || event.Body.Warmup {
			continue
		}
		whole = whole && event.Body.Measures.From == last
		last = event.Body.Measures.To
		count++
	}
	return count, whole, lines.Err()
}

// timesOf is when the last event of a recording was, since the run began, and whether none
// is before the one before it.
func timesOf(path string) (last time.Duration, rising bool, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, false, err
	}
	defer file.Close()
	zip, err := gzip.NewReader(file)
	if err != nil {
		return 0, false, err
	}
	lines := bufio.NewScanner(zip)
	lines.Buffer(nil, 64<<20)
	rising = true
	for lines.Scan() {
		var event struct {
			At time.Duration `json:"at_ns"`
		}
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			return last, rising, err
		}
		rising, last = rising && event.At >= last, event.At
	}
	return last, rising, lines.Err()
}
