package dynamo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"cairn/internal/kv"
)

// maxInsert is how many statements DynamoDB takes in one BatchExecuteStatement.
const maxInsert = 25

// errAgain is the outcome of an item that was throttled or met a fault of DynamoDB's own.
var errAgain = errors.New("again")

// InsertMany implements kv.Writer. Inserts by PartiQL are the one batch that has a condition and an outcome for each item, at
// the price of puts.
func (s *Store) InsertMany(ctx context.Context, items []kv.Item) []error {
	outcomes := make([]error, len(items))
	var sound []int
	for i, item := range items {
		if outcomes[i] = item.Check(); outcomes[i] == nil {
			sound = append(sound, i)
		}
	}
	batches := slices.Collect(slices.Chunk(sound, maxInsert))
	inParallel(len(batches), func(b int) {
		in := insert{store: s, items: items, outcomes: outcomes}
		in.run(ctx, batches[b])
	})
	return outcomes
}

// insert is one batch of an InsertMany.
type insert struct {
	store    *Store
	items    []kv.Item
	outcomes []error // of all batches; each sets its own
	lost     bool    // a try may have taken effect although it failed
}

// run inserts the items at these indices, until each has an outcome that will not change.
func (in *insert) run(ctx context.Context, batch []int) {
	if len(batch) == 1 {
		in.outcomes[batch[0]] = in.store.Put(ctx, in.items[batch[0]], kv.Absent)
		return
	}
	left := batch
	for try := 0; len(left) > 0; try++ {
		err := pause(ctx, try)
		if err == nil {
			err = in.try(ctx, left)
		}
		if err != nil {
			err = Fault(ctx, "insert many", err)
			for _, i := range left {
				in.outcomes[i] = err
			}
		}
		left = slices.DeleteFunc(slices.Clone(left), func(i int) bool { return in.outcomes[i] != errAgain })
	}
	if in.lost {
		in.settle(ctx, batch)
	}
}

func (in *insert) try(ctx context.Context, batch []int) error {
	s := in.store
	request := &dynamodb.BatchExecuteStatementInput{ReturnConsumedCapacity: capacity(ctx)}
	for _, i := range batch {
		request.Statements = append(request.Statements, s.insertStatement(in.items[i]))
	}
	out, err := s.client.BatchExecuteStatement(ctx, request, s.watch(&in.lost))
	if err != nil {
		return err
	}
	if len(out.Responses) != len(batch) {
		return fmt.Errorf("%d answers for %d items", len(out.Responses), len(batch))
	}
	for i := range out.ConsumedCapacity {
		s.noteWrite(ctx, &out.ConsumedCapacity[i])
	}
	for n, i := range batch {
		in.outcomes[i] = in.outcomeOf(out.Responses[n].Error)
	}
	return nil
}

func (s *Store) insertStatement(item kv.Item) types.BatchStatementRequest {
	a := itemAttributes(item)
	return types.BatchStatementRequest{
		Statement:  aws.String(fmt.Sprintf(`INSERT INTO "%s" VALUE {'p': ?, 's': ?, 'v': ?, 'n': ?}`, *s.name(item.Table))),
		Parameters: []types.AttributeValue{a[PartitionName], a[SortName], a[valueName], a[versionName]},
	}
}

// outcomeOf reads an answer for one item. It does not tell what stands where an item was refused.
func (in *insert) outcomeOf(failed *types.BatchStatementError) error {
	if failed == nil {
		return nil
	}
	switch failed.Code {
	case types.BatchStatementErrorCodeEnumDuplicateItem:
		return &kv.Conflict{}
	case types.BatchStatementErrorCodeEnumInternalServerError:
		in.lost = true
		return errAgain
	case types.BatchStatementErrorCodeEnumThrottlingError, types.BatchStatementErrorCodeEnumRequestLimitExceeded,
		types.BatchStatementErrorCodeEnumProvisionedThroughputExceeded, types.BatchStatementErrorCodeEnumTransactionConflict:
		return errAgain
	default:
		return fmt.Errorf("kv/dynamo: insert many: %s: %s", failed.Code, aws.ToString(failed.Message))
	}
}

// settle looks at what stands where a batch was refused after a try whose answer was lost: it may be that try's.
func (in *insert) settle(ctx context.Context, batch []int) {
	var keys []kv.Key
	for _, i := range batch {
		if refused(in.outcomes[i]) {
			keys = append(keys, in.items[i].Key)
		}
	}
	standing, err := in.store.GetMany(ctx, keys, kv.Strong)
	for _, i := range batch {
		own := func(item kv.Item) bool { return item.Version == in.items[i].Version }
		switch {
		case !refused(in.outcomes[i]):
		case err != nil:
			in.outcomes[i] = err
		case slices.ContainsFunc(standing, own):
			in.outcomes[i] = nil
		default:
			in.outcomes[i] = errUnclear
		}
	}
}

func refused(err error) bool {
	var conflict *kv.Conflict
	return errors.As(err, &conflict)
}
