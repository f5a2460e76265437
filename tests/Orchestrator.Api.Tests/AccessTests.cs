using System.Net;
using System.Net.Http.Headers;

namespace Orchestrator.Api.Tests;

public sealed class AccessTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Theory]
    [InlineData("/api/v1/status")]
    [InlineData("/api/v1/services")]
    [InlineData("/api/v1/tasks")]
    [InlineData("/api/v1/nodes")]
    [InlineData("/api/v1/apps")]
    [InlineData("/api/v1/events")]
    [InlineData("/api/v1/logs?task=x")]
    [InlineData("/api/v1/commands/x")]
    [InlineData("/api/v1/dlq")]
    [InlineData("/api/v1/dlq/orchestrator.scheduler.nodes_error")]
    public async Task WithoutTheToken_NothingIsTold(string path)
    {
        foreach (var header in new[] { null, "Bearer wrong", "Basic abc", "Bearer " })
        {
            using var http = new HttpClient { BaseAddress = api.Http.BaseAddress };
            if (header is not null)
            {
                http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);
            }

            using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        }
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void TheTokensFile_IsItsOwnersAlone() => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(api.TokenPath));

    [Theory]
    [InlineData("/healthz/live")]
    [InlineData("/healthz/ready")]
    [InlineData("/openapi/v1.json")]
    public async Task HealthAndDescription_NeedNone(string path)
    {
        using var http = new HttpClient { BaseAddress = api.Http.BaseAddress };
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
