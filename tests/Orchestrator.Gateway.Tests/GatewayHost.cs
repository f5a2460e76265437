using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Hosting;

namespace Orchestrator.Gateway.Tests;

/// <summary>The gateway, with a name service of the test's own.</summary>
public sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private volatile string[] _addresses;

    private GatewayHost(string[] addresses)
    {
        _addresses = addresses;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Gateway:Api"] = $"http://api.test:{ApiPort}",
            ["Gateway:ResolveInterval"] = "00:00:00.100",
            ["Gateway:ProbeInterval"] = "00:00:00.100",
            ["Serilog:MinimumLevel:Default"] = "Error",
            ["Serilog:MinimumLevel:Override:Microsoft"] = "Fatal",
            ["Serilog:MinimumLevel:Override:Microsoft.Hosting.Lifetime"] = "Error",
        });
        builder.AddOrchestratorHost("gateway");
        builder.Services.AddSingleton<HostLookup>((host, _) => _addresses is { Length: > 0 } known && host == "api.test"
            ? Task.FromResult(known.Select(IPAddress.Parse).ToArray())
            : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound)));
        builder.AddGateway();
        _app = builder.Build();
        _app.MapOrchestratorHost();
        _app.MapGateway();
    }

    public int ApiPort { get; } = SingleNode.FreePort();

    public HttpClient Http { get; } = new();

    /// <param name="addresses">What the name service knows.</param>
    public static async Task<GatewayHost> StartAsync(params string[] addresses)
    {
        var gateway = new GatewayHost(addresses);
        await gateway._app.StartAsync();
        gateway.Http.BaseAddress = new Uri(gateway._app.Urls.Single());
        return gateway;
    }

    public void NowAt(params string[] addresses) => _addresses = addresses;

    /// <summary>Which instance answers.</summary>
    public async Task<string> WhoAsync()
    {
        using var answer = await Http.GetAsync(new Uri("/api/v1/who", UriKind.Relative));
        return answer.IsSuccessStatusCode ? (await answer.Content.ReadAsStringAsync()).Split(' ')[0] : $"{(int)answer.StatusCode}";
    }

    /// <summary>Asks until each of these instances, and no other, has answered several requests in a row.</summary>
    public Task OnlyAsync(params string[] addresses) => Until.IsAsync(
        async () => string.Join(' ', (await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => WhoAsync()))).Distinct().Order()),
        seen => seen == string.Join(' ', addresses.Order()),
        $"{string.Join(' ', addresses)} answer");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}
