package console

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"
)

//go:embed assets
var assetFiles embed.FS

// asset is a file that pages load.
type asset struct {
	content []byte
	kind    string
}

// assets by the name they are served under, which holds a digest of the content, so that a browser may keep them for good; names by the
// name of the file.
var assets, names = loadAssets()

// kinds are what assets are by how their names end; the system's own table, which takes milliseconds to read, may say otherwise.
var kinds = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

func loadAssets() (map[string]asset, map[string]string) {
	byName, names := map[string]asset{}, map[string]string{}
	list, err := assetFiles.ReadDir("assets")
	if err != nil {
		panic(err) // they are part of the program
	}
	for _, entry := range list {
		content, err := assetFiles.ReadFile(path.Join("assets", entry.Name()))
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(content)
		extension := path.Ext(entry.Name())
		if kinds[extension] == "" {
			panic("of no known kind: " + entry.Name())
		}
		name := strings.TrimSuffix(entry.Name(), extension) + "." + hex.EncodeToString(sum[:6]) + extension
		byName[name] = asset{content, kinds[extension]}
		names[entry.Name()] = Base + "/assets/" + name
	}
	return byName, names
}

func serveAsset(w http.ResponseWriter, r *http.Request) {
	a, ok := assets[r.PathValue("name")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(a.content)
}
