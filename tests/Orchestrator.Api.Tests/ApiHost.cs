using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Contracts;
using Orchestrator.Hosting;
using Orchestrator.Messaging;
using Orchestrator.State;

namespace Orchestrator.Api.Tests;

/// <summary>The API on a port of its own, with the in-memory bus unless told otherwise, on which the test stands for the scheduler.</summary>
public sealed class ApiHost : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orch-test-api-").FullName;
    private WebApplication _app = null!;

    public HttpClient Http { get; } = new();

    /// <summary>Null: the bus is in memory.</summary>
    internal string? BrokerUri { get; init; }

    /// <summary>Another instance of the API, whose store this one uses too.</summary>
    internal ApiHost? Beside { get; init; }

    /// <summary>More consumers on the bus of this process; the scheduler's place is taken unless this is set.</summary>
    internal BusService? OnTheBus { get; init; }

    /// <summary>Null: one is made.</summary>
    internal string? Token { get; init; }

    /// <summary>What is different in this one.</summary>
    internal Action<IServiceCollection> Change { get; init; } = _ => { };

    internal OutageSwitch Outage { get; } = new();

    public string TokenPath => Path.Combine(_folder, "token");

    public IBus Bus => _app.Services.GetRequiredService<IBus>();

    internal Scheduler.Taken Taken => _app.Services.GetRequiredService<Scheduler.Taken>();

    public T Store<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    internal object Store(Type type) => _app.Services.GetRequiredService(type);

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Api:TokenFile"] = TokenPath,
            ["Api:Token"] = Token,
            ["Api:ClusterId"] = "test-cluster",
            ["Api:PublishAgainAfter"] = "00:00:00.300",
            ["Api:LogsTimeout"] = BrokerUri is null ? "00:00:00.300" : "00:00:10",
            ["Api:PlanTimeout"] = "00:00:00.300",
            ["Api:ErrorQueuesCountedEvery"] = "00:00:00.400",
            ["Serilog:MinimumLevel:Default"] = "Error",
            ["Serilog:MinimumLevel:Override:Microsoft.Hosting.Lifetime"] = "Error",
        });
        builder.AddOrchestratorHost("api");
        builder.Services.AddSingleton<Scheduler.Taken>();
        builder.Services.AddSqliteState(Path.Combine(_folder, "state.db"));
        Outage.Stand(builder.Services, Beside);
        builder.Services.AddOrchestratorBus(
            BusOptions.Parse(BrokerUri),
            new BusService(ApiServiceCollectionExtensions.AddApiConsumers, ApiServiceCollectionExtensions.ConfigureApiEndpoints),
            OnTheBus ?? new BusService(bus => bus.AddConsumer<Scheduler>(), (bus, context) => bus.ReceiveEndpoint("test.scheduler", endpoint => endpoint.ConfigureConsumer<Scheduler>(context))));
        builder.AddApi();
        Change(builder.Services);
        _app = builder.Build();
        _app.MapOrchestratorHost();
        _app.MapApi();
        await _app.StartAsync();
        Http.BaseAddress = new Uri(_app.Urls.Single());
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token ?? (await File.ReadAllTextAsync(TokenPath)).Trim());
    }

    public async ValueTask DisposeAsync()
    {
        // One that was refused at its start has nothing to stop.
        if (Http.BaseAddress is not null)
        {
            await _app.StopAsync();
        }

        Http.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    internal static async Task<ApiHost> StartAsync(ApiHost host)
    {
        await host.InitializeAsync();
        await Until.IsAsync(
            () => Task.FromResult(host.Store<IBusControl>().CheckHealth()), health => health.Status == BusHealthStatus.Healthy, "the bus is healthy");
        return host;
    }

    public async Task<JsonElement> GetAsync(string path) => await Http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));

    public Task<HttpResponseMessage> DeployAsync(object request, string? key = null)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, "/api/v1/deploy") { Content = JsonContent.Create(request) };
        if (key is not null)
        {
            message.Headers.Add("Idempotency-Key", key);
        }

        return Http.SendAsync(message);
    }

    public static AppRemoved Event(string id, string app) => new() { EventId = id, OccurredAt = DateTimeOffset.UnixEpoch.AddYears(60), App = app, Version = 1 };
}
