package blobtest

import (
	"testing"

	"cairn/internal/blob"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	Run(t, func(*testing.T) blob.Versions { return NewMemory() })
}
