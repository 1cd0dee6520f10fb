package main

import (
	"context"
	"iter"
)

// ordered applies f to every input on several goroutines and yields the
// results in the order of the inputs. At most a few results a worker wait for
// an earlier one, so that a long film holds up the rest only for a while and
// memory stays bounded.
func ordered[In, Out any](ctx context.Context, workers int, inputs iter.Seq[In], f func(context.Context, In) Out) iter.Seq[Out] {
	return func(yield func(Out) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		slots := make(chan struct{}, workers)
		queue := make(chan chan Out, 32*workers)
		go func() {
			defer close(queue)
			for in := range inputs {
				result := make(chan Out, 1)
				select {
				case queue <- result:
				case <-ctx.Done():
					return
				}
				slots <- struct{}{} // frees itself: workers end on cancel
				go func() {
					defer func() { <-slots }()
					result <- f(ctx, in)
				}()
			}
		}()
		for result := range queue {
			if !yield(<-result) {
				return
			}
		}
	}
}
