// Package sample reads how a server does, over and over: the whole tree of its processes, its
// accept queue and the machine around it. It starts and stops nothing.
package sample
