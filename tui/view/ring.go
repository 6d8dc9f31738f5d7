package view

import "slices"

// Ring keeps the last values of a series, up to its capacity.
type Ring[T any] struct {
	values []T
	first  int
	limit  int
}

// NewRing makes a ring for up to limit values.
func NewRing[T any](limit int) Ring[T] { return Ring[T]{limit: limit} }

// Push adds a value; the oldest goes when the ring is full.
func (r *Ring[T]) Push(value T) {
	if len(r.values) < r.limit {
		r.values = append(r.values, value)
		return
	}
	if r.limit == 0 {
		return
	}
	r.values[r.first] = value
	r.first = (r.first + 1) % r.limit
}

// Len is how many values there are.
func (r *Ring[T]) Len() int { return len(r.values) }

// At is the ith value, the oldest first.
func (r *Ring[T]) At(i int) T { return r.values[(r.first+i)%len(r.values)] }

// Last is the newest value; ok is false if there is none.
func (r *Ring[T]) Last() (value T, ok bool) {
	if len(r.values) == 0 {
		return value, false
	}
	return r.At(len(r.values) - 1), true
}

// Clone is a copy that later pushes do not change.
func (r *Ring[T]) Clone() Ring[T] {
	return Ring[T]{values: slices.Clone(r.values), first: r.first, limit: r.limit}
}
