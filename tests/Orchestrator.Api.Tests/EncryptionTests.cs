using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Tests;

public sealed class EncryptionTests(ApiHost api) : IClassFixture<ApiHost>
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task NodesThatEncrypt_BesideNodesThatDoNot_AreTold()
    {
        await InsertAsync("open", null);
        Assert.DoesNotContain("encrypted", (await StatusAsync()).GetRawText(), StringComparison.Ordinal);
        await InsertAsync("shut", "key");
        Assert.Contains(
            (await StatusAsync()).EnumerateArray(),
            problem => problem.GetString() == "containers on shut (network encrypted) and on open (not encrypted) do not reach each other; set NodeAgent__NetworkEncryption the same on all nodes");
        Assert.Equal(("none", JsonValueKind.Null), await ShownAsync("open"));
        Assert.Equal(("wireguard", JsonValueKind.String), await ShownAsync("shut"));
    }

    private async Task<JsonElement> StatusAsync() => (await api.GetAsync("/api/v1/status")).GetProperty("problems");

    private async Task<(string? Encryption, JsonValueKind Key)> ShownAsync(string node) =>
        await api.GetAsync("/api/v1/nodes/" + node) is var detail ? (detail.GetProperty("networkEncryption").GetString(), detail.GetProperty("networkPublicKey").ValueKind) : default;

    private Task InsertAsync(string name, string? key) => api.Store<INodeStore>().TryInsertAsync(
        new NodeDocument
        {
            Id = name, Name = name, Capacity = new NodeCapacity { Cpus = 2, MemoryBytes = 10 }, Platform = new NodePlatform { Os = "linux", Architecture = "x" },
            Engine = new EngineInfo { Version = "29", ApiVersion = "1" }, Network = new NodeNetworkDocument { Subnet = "10.128.0.0/24", PublicKey = key }, JoinedAt = Now, UpdatedAt = Now,
        },
        CancellationToken.None);
}
