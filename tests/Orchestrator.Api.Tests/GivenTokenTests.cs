using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;

namespace Orchestrator.Api.Tests;

/// <summary>A token that every API of the cluster is started with.</summary>
public sealed class GivenTokenTests
{
    private const string Given = "a-token-from-the-settings";

    [Fact]
    public async Task AGivenToken_IsGoodAtEveryInstance_BesideTheStoredOnes_AndNoneIsMade()
    {
        await using var first = await ApiHost.StartAsync(new ApiHost());
        await using var second = await ApiHost.StartAsync(new ApiHost { Token = Given, Beside = first });
        await using var third = await ApiHost.StartAsync(new ApiHost { Token = Given, Beside = first });
        var stored = (await File.ReadAllTextAsync(first.TokenPath)).Trim();
        foreach (var api in new[] { second, third })
        {
            Assert.Equal(HttpStatusCode.OK, await AskAsync(api, Given));
            Assert.Equal(HttpStatusCode.OK, await AskAsync(api, stored));
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(api, Given + "x"));
            Assert.False(File.Exists(api.TokenPath));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(first, Given));
    }

    [Theory]
    [InlineData("short", "16 characters")]
    [InlineData("", "16 characters")]
    public async Task ATokenThatCanBeGuessed_IsRefusedAtTheStart(string token, string said)
    {
        await using var api = new ApiHost { Token = token };
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => api.InitializeAsync().AsTask());
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> AskAsync(ApiHost api, string token)
    {
        using var http = new HttpClient { BaseAddress = api.Http.BaseAddress };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.GetAsync(new Uri("/api/v1/apps", UriKind.Relative));
        return response.StatusCode;
    }
}
