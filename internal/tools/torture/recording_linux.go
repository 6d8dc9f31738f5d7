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
	whole = true
	last := int64(0)
	err = eachLine(path, func(line []byte) error {
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
		if err := json.Unmarshal(line, &event); err != nil || event.Kind != "load" || event.Body.Warmup {
			return nil
		}
		whole = whole && event.Body.Measures.From == last
		last = event.Body.Measures.To
		count++
		return nil
	})
	return count, whole, err
}

// timesOf is when the last event of a recording was, since the run began, and whether none
// is before the one before it.
func timesOf(path string) (last time.Duration, rising bool, err error) {
	rising = true
	err = eachLine(path, func(line []byte) error {
		var event struct {
			At time.Duration `json:"at_ns"`
		}
		if err := json.Unmarshal(line, &event); err != nil {
			return err
		}
		rising, last = rising && event.At >= last, event.At
		return nil
	})
	return last, rising, err
}

// eachLine has each line of a recording taken, until one can't be.
func eachLine(path string, take func(line []byte) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	zip, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(zip)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		if err := take(lines.Bytes()); err != nil {
			return err
		}
	}
	return lines.Err()
}
