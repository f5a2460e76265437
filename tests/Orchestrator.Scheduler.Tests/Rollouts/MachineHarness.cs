using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.Scheduler.Rollouts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests.Rollouts;

/// <summary>The rollouts' state machine alone, on the in-memory bus, its documents in a database: nothing but messages moves it.</summary>
public sealed class MachineHarness : IAsyncLifetime
{
    public static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("orch-test-rollouts-").FullName;
    private readonly ConcurrentQueue<object> _published = new();
    private IHost _host = null!;
    private int _ids;

    public FakeTimeProvider Time { get; } = new(Start);

    public IRolloutStore Rollouts => _host.Services.GetRequiredService<IRolloutStore>();

    public IReadOnlyList<object> Published => [.. _published];

    public async ValueTask InitializeAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddSingleton(_published);
        builder.Services.AddSqliteState(Path.Combine(_folder, "state.db"));
        builder.Services.AddSingleton<ISagaStore<RolloutSaga>, RolloutSagaStore>();
        builder.Services.AddSingleton<RolloutTeller>();
        builder.Services.AddSingleton<RolloutMoves>();
        builder.Services.AddOrchestratorBus(new BusOptions(), new BusService(
            bus =>
            {
                bus.AddSagaStateMachine<RolloutStateMachine, RolloutSaga>().KeepInStore();
                bus.AddConsumer<Listener>();
            },
            (bus, context) =>
            {
                bus.ReceiveEndpoint("test.rollouts", endpoint =>
                {
                    endpoint.TakeForSaga(context);
                    endpoint.ConfigureSaga<RolloutSaga>(context, saga => RolloutTurns.Take(saga, endpoint.CreatePartitioner(RolloutTurns.AtOnce)));
                });
                bus.ReceiveEndpoint("test.published", endpoint => endpoint.ConfigureConsumer<Listener>(context));
            }));
        _host = builder.Build();
        await _host.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public Task PublishAsync(object message) => _host.Services.GetRequiredService<IBus>().Publish(message, message.GetType());

    public async Task<RolloutDocument> InsertAsync(RolloutState state, Func<RolloutDocument, RolloutDocument>? change = null)
    {
        var id = RolloutIds.Of("service", Interlocked.Increment(ref _ids));
        var document = new RolloutDocument
        {
            Id = id, App = "shop", Service = "web", ServiceId = "service", FromRevision = 1, ToRevision = 2, StableRevision = 1,
            State = state, StartedAt = Start, ProgressAt = Start,
            MonitorUntil = state == RolloutState.Monitoring ? Start.AddSeconds(5) : null,
            EndedAt = state.IsEnded() ? Start : null,
            EndEventId = state.IsEnded() ? "end" : null,
        };
        document = change?.Invoke(document) ?? document;
        Assert.True(await Rollouts.TryInsertAsync(document, CancellationToken.None));
        return document with { Version = 1 };
    }

    /// <summary>Each message that is taken writes the document once, also one that changes nothing.</summary>
    public async Task<RolloutDocument> TakenAsync(string id, long messages) =>
        (await SchedulerHarness.UntilAsync(() => Rollouts.FindAsync(id, CancellationToken.None), found => found!.Version > messages))!;

    public async Task<RolloutDocument> GiveAsync(RolloutDocument to, object message)
    {
        await PublishAsync(message);
        return await TakenAsync(to.Id, to.Version);
    }

    public static RolloutObserved Saw(string id, RolloutCounts counts, double second = 1) =>
        new() { RolloutId = id, Counts = counts, ObservedAt = Start.AddSeconds(second) };

    public static RolloutSteered Want(string id, RolloutAction action, string command = "c1") =>
        new() { RolloutId = id, Action = action, CommandId = command, RequestedBy = "ann", AskedAt = Start };

    internal sealed class Listener(ConcurrentQueue<object> published) :
        IConsumer<RolloutCompleted>, IConsumer<RolloutFailed>, IConsumer<RolloutChanged>, IConsumer<RollbackService>, IConsumer<RollbackEnded>,
        IConsumer<CommandAccepted>, IConsumer<CommandRejected>, IConsumer<ServiceChanged>
    {
        public Task Consume(ConsumeContext<RolloutCompleted> context) => Keep(context.Message);

        public Task Consume(ConsumeContext<RolloutFailed> context) => Keep(context.Message);

        public Task Consume(ConsumeContext<RolloutChanged> context) => Keep(context.Message);

        public Task Consume(ConsumeContext<RollbackService> context) => Keep(context.Message);

        public Task Consume(ConsumeContext<RollbackEnded> context) => Keep(context.Message);

        public Task Consume(ConsumeContext<CommandAccepted> context) => Keep(context.Message);

        public Task Consume(ConsumeContext<CommandRejected> context) => Keep(context.Message);

        public Task Consume(ConsumeContext<ServiceChanged> context) => Keep(context.Message);

        private Task Keep(object message)
        {
            published.Enqueue(message);
            return Task.CompletedTask;
        }
    }
}
