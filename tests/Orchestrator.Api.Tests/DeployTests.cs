using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Orchestrator.Api.Tests;

public sealed class DeployTests(ApiHost api) : IClassFixture<ApiHost>
{
    private const string Good = "services: { web: { image: 'web:1', cap_add: [A] } }";

    [Fact]
    public async Task ADeploy_IsTaken_AndItsAnswerCanBeWaitedFor()
    {
        using var response = await api.DeployAsync(new { App = "shop", Compose = Good });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var taken = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Contains("services.web.cap_add: it is not supported", taken.GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(response.Headers.Location!.ToString(), taken.GetProperty("location").GetString());
        var command = await api.GetAsync(response.Headers.Location + "?wait=20");
        Assert.Equal("Accepted", command.GetProperty("state").GetString());
        Assert.Equal(1, command.GetProperty("revisions").GetProperty("web").GetInt32());
    }

    [Fact]
    public async Task TheSameKey_IsTheSameCommand()
    {
        var ids = new List<string?>();
        for (var i = 0; i < 2; i++)
        {
            using var response = await api.DeployAsync(new { App = "keyed", Compose = Good }, "my-key");
            ids.Add((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("commandId").GetString());
            await api.GetAsync($"/api/v1/commands/{ids[0]}?wait=20");
        }

        Assert.Equal(["my-key", "my-key"], ids);
        Assert.Single(api.Taken.Commands, command => command.App == "keyed");
    }

    [Fact]
    public async Task ACommandWithoutAnAnswer_IsPublishedAgain()
    {
        using var response = await api.DeployAsync(new { App = "silent", Compose = Good });
        var command = await api.GetAsync(response.Headers.Location + "?wait=20");
        Assert.Equal("Accepted", command.GetProperty("state").GetString());
        Assert.True(api.Taken.Commands.Count(taken => taken.App == "silent") >= 2);
    }

    [Fact]
    public async Task AFileWithFaults_IsRefusedWithAllOfThem_AndNothingIsPublished()
    {
        using var response = await api.DeployAsync(new { App = "bad", Compose = "services: { web: { imagee: a, deploy: { replicas: -1 } } }", FileName = "my.yaml" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var errors = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateArray().ToList();
        Assert.Equal(3, errors.Count);
        Assert.All(errors, error => Assert.StartsWith("my.yaml:1:", error.GetProperty("message").GetString(), StringComparison.Ordinal));
        Assert.Contains(errors, error => error.GetProperty("key").GetString() == "services.web.deploy.replicas" && error.GetProperty("column").GetInt32() == 51);
        Assert.DoesNotContain(api.Taken.Commands, command => command.App == "bad");
    }

    [Theory]
    [InlineData("{}", HttpStatusCode.UnprocessableEntity)]
    [InlineData("{ not json", HttpStatusCode.BadRequest)]
    [InlineData("[]", HttpStatusCode.BadRequest)]
    [InlineData("""{"compose":7}""", HttpStatusCode.BadRequest)]
    public async Task AWrongBody_IsAProblem_WithDetails(string body, HttpStatusCode status)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await api.Http.PostAsync(new Uri("/api/v1/deploy", UriKind.Relative), content);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }
}
