module github.com/likeness-go/likeness

go 1.26
