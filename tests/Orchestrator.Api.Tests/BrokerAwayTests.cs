using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orchestrator.State;

namespace Orchestrator.Api.Tests;

public sealed class BrokerAwayTests
{
    private const string Good = "services: { web: { image: 'web:1' } }";
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task WhileTheBrokerIsAway_WritesAreTaken_AndGoOutInOrderWhenItIsBack()
    {
        await using var broker = await Broker.TryCreateAsync();
        Assert.SkipUnless(broker is not null, Broker.Missing);
        using var proxy = new TcpProxy("127.0.0.1", 5672);
        await using var api = await ApiHost.StartAsync(new ApiHost { BrokerUri = broker.UriAt(proxy.Port) });
        await api.Store<IAppStore>().TryInsertAsync(
            new AppDocument
            {
                Id = "shop", CreatedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch,
                Wanted = new Dictionary<string, WantedService> { ["web"] = new() { ServiceId = "s", Revision = 1, Replicas = 1 } },
            },
            CancellationToken.None);
        await AnsweredAsync(api, await TakeAsync(api, "before"));

        proxy.Cut();
        var ids = new List<string>();
        foreach (var app in new[] { "shop", "other", "shop" })
        {
            var start = TimeProvider.System.GetTimestamp();
            ids.Add(await TakeAsync(api, app));
            Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, Quick);
        }

        // A removal goes through another queue than deploys do: between queues the broker keeps no order.
        using (var removal = await api.Http.DeleteAsync(new Uri("/api/v1/apps/shop", UriKind.Relative)))
        {
            Assert.Equal(HttpStatusCode.Accepted, removal.StatusCode);
            ids.Add((await removal.Content.ReadFromJsonAsync<JsonElement>()).Text("commandId"));
        }

        ids.Add(await TakeAsync(api, "shop"));

        // Reads are answered meanwhile, and the status tells.
        Assert.Equal("Pending", (await api.GetAsync("/api/v1/commands/" + ids[0])).Text("state"));
        await api.GetAsync("/api/v1/services");
        var status = await Until.IsAsync(() => api.GetAsync("/api/v1/status"), seen => !seen.At("bus", "healthy").GetBoolean(), "the status tells that the bus is away");
        Assert.Equal(5, status.GetProperty("commandsPending").GetInt32());
        using (var queues = await api.Http.GetAsync(new Uri("/api/v1/dlq", UriKind.Relative)))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, queues.StatusCode);
            Assert.Contains("cannot be reached", await queues.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        proxy.Heal();
        foreach (var id in ids)
        {
            await AnsweredAsync(api, id);
        }

        // Doubles may come; what came first came in order.
        var shop = ids.Where(id => id != ids[1]).ToList();
        Assert.Equal(shop, api.Taken.Ids.Distinct().Where(shop.Contains));
    }

    private static async Task<string> TakeAsync(ApiHost api, string app)
    {
        using var response = await api.DeployAsync(new { App = app, Compose = Good });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).Text("commandId");
    }

    private static Task AnsweredAsync(ApiHost api, string id) =>
        Until.IsAsync(() => api.GetAsync($"/api/v1/commands/{id}?wait=5"), command => command.Text("state") == "Accepted", $"command {id} is answered");
}
