package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/likeness-go/likeness/fingerprint"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

const bucketScheme = "s3://"

// object is where the content of a file in a bucket lies.
type object struct {
	client            *minio.Client
	bucket, key, etag string
}

// unreachedError says that a bucket did not give what was asked for. That may
// pass, so the file is not done with.
type unreachedError struct{ err error }

func (e *unreachedError) Error() string { return e.err.Error() }
func (e *unreachedError) Unwrap() error { return e.err }

func unreached(err error) bool {
	var u *unreachedError
	return errors.As(err, &u)
}

// list yields the objects of s3://bucket/prefix in the order of their keys.
func list(ctx context.Context, root string, yield func(file) bool) bool {
	bucket, prefix, _ := strings.Cut(strings.TrimPrefix(root, bucketScheme), "/")
	client, err := connect()
	if err != nil {
		return yield(file{path: root, err: err})
	}
	for o := range client.ListObjectsIter(ctx, bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		if o.Err != nil {
			return yield(file{path: root, err: &unreachedError{fmt.Errorf("cannot be listed: %w", o.Err)}})
		}
		if o.Size == 0 && strings.HasSuffix(o.Key, "/") {
			continue // consoles make these to show folders
		}
		f := file{path: bucketScheme + bucket + "/" + o.Key, size: o.Size, object: &object{client, bucket, o.Key, o.ETag}}
		f.version = cmp.Or(o.ETag, o.LastModified.UTC().String())
		if !yield(f) {
			return false
		}
	}
	return true
}

// connect takes the endpoint and the keys from the environment, as all
// programs for S3 do. Without keys it asks for what is public.
func connect() (*minio.Client, error) {
	endpoint := cmp.Or(os.Getenv("AWS_ENDPOINT_URL_S3"), os.Getenv("AWS_ENDPOINT_URL"), "https://s3.amazonaws.com")
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("AWS_ENDPOINT_URL %q is not http://host or https://host", endpoint)
	}
	return minio.New(u.Host, &minio.Options{
		Creds:      credentials.NewEnvAWS(),
		Secure:     u.Scheme == "https",
		Region:     cmp.Or(os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION")),
		MaxRetries: 4,
	})
}

// spool is the folder where objects lie while they are read. It is beside the
// index, whose lock says that nobody else uses it.
func (s *session) spool() string { return s.Index + ".spool" }

// sweep removes what a run that was killed left in the spool.
func (s *session) sweep() error { return os.RemoveAll(s.spool()) }

// readObject gets an object once, whole: decoders seek, and each seek would
// be a request.
func (s *session) readObject(ctx context.Context, f file) (*fingerprint.Set, error) {
	limits := (*fingerprint.Limits)(nil).Effective()
	if err := fingerprint.Exceeds("bytes", f.size, limits.Bytes); err != nil {
		return nil, &fingerprint.UnscannableError{Name: f.path, Reason: err.Error(), Err: err}
	}
	path, err := f.object.fetch(ctx, s.spool(), f.size)
	if path != "" {
		defer os.Remove(path) // the next sweep gets what is left
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, &fingerprint.UnscannableError{Name: f.path, Reason: "cannot be fetched: " + err.Error(), Err: &unreachedError{err}}
	}
	return fingerprint.File(ctx, path, &fingerprint.Options{Name: f.path})
}

// fetch copies an object, as it was when it was listed, into the folder.
func (o *object) fetch(ctx context.Context, folder string, size int64) (path string, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	var get minio.GetObjectOptions
	if o.etag != "" {
		if err := get.SetMatchETag(o.etag); err != nil {
			return "", err
		}
	}
	content, err := o.client.GetObject(ctx, o.bucket, o.key, get)
	if err != nil {
		return "", err
	}
	defer content.Close()
	f, err := os.CreateTemp(folder, "object-*")
	if err != nil {
		return "", err
	}
	n, err := io.Copy(f, io.LimitReader(content, size+1))
	if err == nil && n != size {
		err = errors.New("its size changed")
	}
	return f.Name(), errors.Join(err, f.Close())
}
