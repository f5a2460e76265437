using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.HealthMonitor.Leases;
using Orchestrator.HealthMonitor.Nodes;
using Orchestrator.Messaging;
using Orchestrator.State;

namespace Orchestrator.HealthMonitor.Tests;

/// <summary>One instance of the health monitor on an in-memory bus of its own. Stores and clock are shared between instances.</summary>
public sealed class MonitorHost : IAsyncDisposable
{
    private readonly ConcurrentQueue<OrchestratorEvent> _verdicts = new();
    private readonly EchoesHeard _echoes = new();
    private readonly IHost _host;
    private long _seq;

    public MonitorHost(IServiceProvider stores, TimeProvider time, TimeSpan? downAfter = null, TimeSpan? brakeHold = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["HealthMonitor:DownAfter"] = (downAfter ?? TimeSpan.FromHours(24)).ToString(),
            ["HealthMonitor:BrakeHold"] = (brakeHold ?? TimeSpan.FromMinutes(10)).ToString(),
        });
        builder.Services.AddLogging();
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(_verdicts);
        builder.Services.AddSingleton(_echoes);
        builder.Services.AddSingleton(stores.GetRequiredService<INodeLivenessStore>());
        builder.Services.AddSingleton(stores.GetRequiredService<INodeStore>());
        builder.Services.AddSingleton(stores.GetRequiredService<ILeaseStore>());
        builder.Services.AddSingleton(stores.GetRequiredService<IHealthHistoryStore>());
        builder.Services.AddOrchestratorBus(
            new BusOptions(),
            new BusService(HealthMonitorServiceCollectionExtensions.AddHealthMonitorConsumers, HealthMonitorServiceCollectionExtensions.ConfigureHealthMonitorEndpoints),
            new BusService(
                bus => bus.AddConsumer<Recorder>(),
                (bus, context) => bus.ReceiveEndpoint("test.events", endpoint => endpoint.ConfigureConsumer<Recorder>(context))));
        builder.AddHealthMonitor();
        _host = builder.Build();
    }

    public IReadOnlyList<OrchestratorEvent> Verdicts => [.. _verdicts];

    public OrchestratorEvent Last => _verdicts.Last();

    /// <summary>The number of the last echo heard; they are counted from 1.</summary>
    public long Echoes => _echoes.Last;

    public long Rounds => _host.Services.GetRequiredService<LivenessKeeper>().Rounds;

    public long? Epoch => _host.Services.GetRequiredService<DeciderLease>().Epoch;

    /// <summary>The clock of the tests can run faster than a lease is written on a busy machine: whoever decides must have renewed it lately.</summary>
    public Task RenewedAsync()
    {
        var lease = _host.Services.GetRequiredService<DeciderLease>();
        var store = _host.Services.GetRequiredService<ILeaseStore>();
        var (time, late) = (_host.Services.GetRequiredService<TimeProvider>(), 2 * _host.Services.GetRequiredService<IOptions<HealthMonitorOptions>>().Value.LeaseRenewal);
        return UntilAsync(
            async () => lease.Epoch is not { } epoch
                || await store.FindAsync(DeciderLease.LeaseId, CancellationToken.None) is not { } stored
                || stored.Epoch != epoch
                || stored.RenewedAt > time.GetUtcNow() - late,
            "the lease is renewed");
    }

    /// <summary>Returns when its first round is done and somebody decides, it or another.</summary>
    public async Task StartAsync()
    {
        await _host.StartAsync();
        var (store, instance) = (_host.Services.GetRequiredService<ILeaseStore>(), _host.Services.GetRequiredService<MonitorInstance>());
        await UntilAsync(
            async () => Rounds > 0 && (Epoch is not null
                || (await store.FindAsync(DeciderLease.LeaseId, CancellationToken.None) is { Holder: { } holder } && holder != instance.Id)),
            "the first round");
    }

    public Task StopAsync() => _host.StopAsync();

    /// <summary>Nothing that is sent arrives any more.</summary>
    public Task CutAsync() => _host.Services.GetRequiredService<IBusControl>().StopAsync(TimeSpan.FromSeconds(10));

    public async Task BeatAsync(string nodeId, IReadOnlyDictionary<string, double>? loads = null)
    {
        var beat = new NodeHeartbeat { NodeId = nodeId, AgentEpoch = 1, Seq = ++_seq, IntervalSeconds = 0.5, Loads = loads, OccurredAt = DateTimeOffset.UnixEpoch };
        await SendAsync(beat);
        var book = _host.Services.GetRequiredService<HeartbeatBook>();
        await UntilAsync(() => book.Entries.GetValueOrDefault(nodeId)?.Position.Seq == beat.Seq, "the heartbeat is taken");
    }

    public void Disconnect(string nodeId) => _host.Services.GetRequiredService<HeartbeatBook>().Disconnected(nodeId);

    public bool Knows(string nodeId) => _host.Services.GetRequiredService<HeartbeatBook>().Entries.ContainsKey(nodeId);

    public Task SendAsync<T>(T message)
        where T : class => _host.Services.GetRequiredService<IBus>().Publish(message);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    public static Task UntilAsync(Func<bool> good, string what) => UntilAsync(() => Task.FromResult(good()), what);

    public static async Task UntilAsync(Func<Task<bool>> good, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await good())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30), $"not in time: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
    }

    private sealed class EchoesHeard
    {
        private long _last;

        public long Last => Volatile.Read(ref _last);

        public void Heard(long number) => Volatile.Write(ref _last, Math.Max(Last, number));
    }

    private sealed class Recorder(ConcurrentQueue<OrchestratorEvent> verdicts, EchoesHeard echoes) :
        IConsumer<NodeSuspect>, IConsumer<NodeUnreachable>, IConsumer<NodeRecovered>, IConsumer<NodeLost>, IConsumer<NodeDown>, IConsumer<MonitorEcho>,
        IConsumer<BrakeApplied>, IConsumer<BrakeReleased>
    {
        public Task Consume(ConsumeContext<MonitorEcho> context)
        {
            echoes.Heard(context.Message.Number);
            return Task.CompletedTask;
        }

        public Task Consume(ConsumeContext<NodeSuspect> context) => PutAsync(context.Message);

        public Task Consume(ConsumeContext<NodeUnreachable> context) => PutAsync(context.Message);

        public Task Consume(ConsumeContext<NodeRecovered> context) => PutAsync(context.Message);

        public Task Consume(ConsumeContext<NodeLost> context) => PutAsync(context.Message);

        public Task Consume(ConsumeContext<NodeDown> context) => PutAsync(context.Message);

        public Task Consume(ConsumeContext<BrakeApplied> context) => PutAsync(context.Message);

        public Task Consume(ConsumeContext<BrakeReleased> context) => PutAsync(context.Message);

        private Task PutAsync(OrchestratorEvent verdict)
        {
            verdicts.Enqueue(verdict);
            return Task.CompletedTask;
        }
    }
}
