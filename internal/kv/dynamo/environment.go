package dynamo

import (
	"context"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// Environment is the SDK's configuration as a Lambda's runtime gives it: region and credentials, by the environment alone. The SDK's own way looks into profiles, roles,
// single sign-on and the metadata of instances too, none of which a Lambda has, and a function that links them is larger and slower to start (BenchmarkColdStart has such a one beside it).
func Environment() aws.Config {
	return aws.Config{
		Region:                     os.Getenv("AWS_REGION"),
		Credentials:                credentials.NewStaticCredentialsProvider(os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"), os.Getenv("AWS_SESSION_TOKEN")),
		ConfigSources:              []any{endpoints{}},
		Logger:                     logger,
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
	}
}

// endpoints are those of services that are not AWS's own, where the environment names one, such as AWS_ENDPOINT_URL_DYNAMODB.
type endpoints struct{}

// GetServiceBaseEndpoint is what the SDK's clients ask a source of configuration.
func (endpoints) GetServiceBaseEndpoint(_ context.Context, service string) (url string, named bool, err error) {
	url = os.Getenv("AWS_ENDPOINT_URL_" + strings.ToUpper(service))
	return url, url != "", nil
}
