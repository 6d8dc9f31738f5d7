package frameworks

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/benchtui/benchtui/frameworks/contenders"
	"github.com/benchtui/benchtui/internal/files"
	"github.com/benchtui/benchtui/internal/nearest"
)

// articleOrder is the order in which the article lists its contenders; newcomers
// follow by name.
var articleOrder = []string{
	"warp", "axum", "actix", "rocket", "golang", "dotnet8-aot", "dotnet9-aot", "dotnet7-aot",
	"robaho", "expressjs", "micronaut", "avaje-jex", "ktor", "vertx", "quarkus",
	"spring-boot-web", "spring-webflux", "kumuluz",
}

// Catalogue is all contenders known to a run.
type Catalogue struct {
	contenders []Contender
	bases      []Contender // those that others may build on
	toolchains map[string]Toolchain
}

// Embedded returns the catalogue of the contenders in the binary.
func Embedded() (*Catalogue, error) { return ReadCatalogue(contenders.Files) }

// ReadCatalogue reads toolchains.yaml and every folder with a manifest.
func ReadCatalogue(tree fs.FS) (*Catalogue, error) {
	data, err := fs.ReadFile(tree, "toolchains.yaml")
	if err != nil {
		return nil, err
	}
	known, err := parseToolchains("frameworks/contenders/toolchains.yaml", data)
	if err != nil {
		return nil, err
	}
	manifests, err := fs.Glob(tree, "*/"+ManifestName)
	if err != nil {
		return nil, err
	}
	c := &Catalogue{toolchains: known}
	var based []draft
	for _, name := range manifests {
		data, err := fs.ReadFile(tree, name)
		if err != nil {
			return nil, err
		}
		d, err := readDraft("frameworks/contenders/"+name, data)
		if err != nil {
			return nil, err
		}
		if d.manifest.Base != "" {
			based = append(based, d)
			continue
		}
		if err := c.add(tree, path.Dir(name), d); err != nil {
			return nil, err
		}
	}
	c.bases = slices.Clone(c.contenders)
	for _, d := range based {
		if err := c.add(tree, path.Base(path.Dir(d.file)), d); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(c.contenders, func(a, b Contender) int {
		return cmp.Or(cmp.Compare(articlePlace(a.Manifest.ID), articlePlace(b.Manifest.ID)), cmp.Compare(a.Manifest.ID, b.Manifest.ID))
	})
	return c, nil
}

// add completes the manifest in a folder and adds its contender.
func (c *Catalogue) add(tree fs.FS, folder string, d draft) error {
	m, err := d.complete(c.toolchains, c.bases)
	if err != nil {
		return err
	}
	if m.ID != folder {
		return &manifestError{file: d.file, field: "id", what: fmt.Sprintf("%q must be the folder's name", m.ID)}
	}
	folder = cmp.Or(m.Workspace, m.Base, folder)
	if _, err := fs.Stat(tree, folder); err != nil {
		return &manifestError{file: d.file, field: "workspace", what: err.Error()}
	}
	source, err := fs.Sub(tree, folder)
	if err != nil {
		return err
	}
	c.contenders = append(c.contenders, Contender{Manifest: m, Source: source, Origin: OriginEmbedded})
	return nil
}

func articlePlace(id string) int {
	if i := slices.Index(articleOrder, id); i >= 0 {
		return i
	}
	return len(articleOrder)
}

// All returns them in the article's order, then newcomers by name.
func (c *Catalogue) All() []Contender { return slices.Clone(c.contenders) }

// Find resolves an id, or the path of a manifest or of its folder: what holds a
// slash or ends in .yaml. An unknown id's error suggests the nearest.
func (c *Catalogue) Find(idOrFile string) (Contender, error) {
	if strings.ContainsAny(idOrFile, `/\`) || strings.HasSuffix(idOrFile, ".yaml") || strings.HasSuffix(idOrFile, ".yml") {
		return c.readFile(idOrFile)
	}
	for _, contender := range c.contenders {
		if contender.Manifest.ID == idOrFile {
			return contender, nil
		}
	}
	hint := ""
	if nearest, ok := c.nearest(idOrFile); ok {
		hint = fmt.Sprintf("did you mean %s? ", nearest)
	}
	return Contender{}, fmt.Errorf("unknown contender %q; %s`benchtui list` shows all", idOrFile, hint)
}

// nearest is the id that somebody who typed this most likely meant.
func (c *Catalogue) nearest(typed string) (id string, ok bool) {
	var names []string
	of := map[string]string{}
	for _, contender := range c.contenders {
		for _, name := range []string{contender.Manifest.ID, contender.Manifest.Name} {
			names, of[name] = append(names, name), contender.Manifest.ID
		}
	}
	near, ok := nearest.Name(typed, names)
	return of[near], ok
}

// readFile reads a manifest of the person's own; its sources are its folder.
func (c *Catalogue) readFile(name string) (Contender, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		name = filepath.Join(name, ManifestName)
	}
	data, err := files.Read(name, maxManifestBytes)
	if err != nil {
		return Contender{}, fmt.Errorf("read manifest: %w; give the path of a %s", err, ManifestName)
	}
	m, err := parseManifest(name, data, c.toolchains, c.bases)
	if err != nil {
		return Contender{}, err
	}
	dir, err := filepath.Abs(filepath.Dir(name))
	if err != nil {
		return Contender{}, fmt.Errorf("read manifest %s: %w", name, err)
	}
	contender := Contender{Manifest: m, Origin: name, Dir: dir}
	if i := slices.IndexFunc(c.bases, func(base Contender) bool { return base.Manifest.ID == m.Base }); i >= 0 {
		contender.Source = c.bases[i].Source
		return contender, nil
	}
	if m.Workspace != "" {
		contender.Dir = filepath.Join(dir, filepath.FromSlash(m.Workspace))
	}
	contender.Source = os.DirFS(contender.Dir)
	return contender, nil
}
