using System.Text.Json;
using System.Threading.Channels;
using Orchestrator.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Orchestrator.Simulator;

/// <summary>
/// Many nodes in one process, on the broker as real agents are: a queue each, the same messages. They obey at once and run
/// nothing. A broker that goes away is waited for; then every node joins again and tells all it holds.
/// </summary>
public sealed class SimulatedNodes : IAsyncDisposable
{
    private const double BeatSeconds = 0.5;
    private const int BeatMilliseconds = 500;
    private const ushort Prefetch = 200;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);
    private static readonly Dictionary<string, object?> QueueArguments = new() { ["x-expires"] = 600_000L, ["x-message-ttl"] = 60_000 };
    private readonly ConnectionFactory _factory;
    private readonly string _clusterId;
    private readonly Dictionary<string, SimulatedNode> _nodes;
    private readonly double _cpus;
    private readonly long _memoryBytes;
    private readonly List<(string Node, UpdateNodeTasks Update)> _lateUpdates = [];
    private readonly List<TasksReported> _lateReports = [];
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private long _instructions;
    private long _reports;

    private SimulatedNodes(string bus, string clusterId, int count, double cpus, long memoryBytes)
    {
        _factory = new ConnectionFactory { Uri = new Uri(bus.Replace("rabbitmq://", "amqp://", StringComparison.Ordinal)), AutomaticRecoveryEnabled = false };
        _clusterId = clusterId;
        _cpus = cpus;
        _memoryBytes = memoryBytes;
        var epoch = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        _nodes = Enumerable.Range(1, count)
            .Select(number => new SimulatedNode($"{clusterId[..8]}-sim-{number:D4}", $"sim-{number:D4}", epoch))
            .ToDictionary(node => node.Id);
        _run = RunAsync();
    }

    /// <summary>Before each message with instructions is obeyed.</summary>
    public TimeSpan Pace { get; set; }

    /// <summary>Of instructions and of reports on tasks; null: none.</summary>
    public Disturbances? Disturbances { get; set; }

    /// <summary>Messages with instructions that came.</summary>
    public long Instructions => Interlocked.Read(ref _instructions);

    /// <summary>Messages with reports that were sent.</summary>
    public long Reports => Interlocked.Read(ref _reports);

    /// <param name="bus">The broker's address, user and password in it.</param>
    /// <param name="clusterId">At least 8 letters.</param>
    /// <param name="count">How many nodes.</param>
    /// <param name="cpus">Of each.</param>
    /// <param name="memoryBytes">Of each.</param>
    public static SimulatedNodes Start(string bus, string clusterId, int count, double cpus = 64, long memoryBytes = 256L << 30) =>
        new(bus, clusterId, count, cpus, memoryBytes);

    /// <summary>What all nodes hold now.</summary>
    public IReadOnlyList<SimulatedTask> Tasks()
    {
        lock (_gate)
        {
            return [.. _nodes.Values.SelectMany(node => node.Tasks)];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ConnectedAsync();
            }
            catch (Exception exception) when (exception is BrokerUnreachableException or AlreadyClosedException or OperationInterruptedException or OperationCanceledException or PublishException or IOException)
            {
                await Task.Delay(RetryDelay, TimeProvider.System, CancellationToken.None);
            }
        }
    }

    /// <summary>Until the connection or the simulation ends.</summary>
    private async Task ConnectedAsync()
    {
        await using var connection = await _factory.CreateConnectionAsync(_stop.Token);
        await using var inbound = await connection.CreateChannelAsync(cancellationToken: _stop.Token);
        await using var outbound = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), _stop.Token);
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        connection.ConnectionShutdownAsync += async (_, _) => await broken.CancelAsync();
        var waiting = Channel.CreateUnbounded<(string Node, UpdateNodeTasks Update)>();
        await ConsumeAsync(inbound, waiting.Writer, broken.Token);
        await JoinAsync(outbound, broken.Token);
        await Task.WhenAll(BeatAsync(outbound, broken.Token), AnswerAsync(outbound, waiting.Reader, broken.Token));
    }

    private async Task ConsumeAsync(IChannel channel, ChannelWriter<(string Node, UpdateNodeTasks Update)> waiting, CancellationToken cancellation)
    {
        await channel.BasicQosAsync(0, Prefetch, global: false, cancellation);
        foreach (var node in _nodes.Keys)
        {
            var queue = "orchestrator.node." + node;
            await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true, cancellationToken: cancellation);
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, QueueArguments, cancellationToken: cancellation);
            await channel.QueueBindAsync(queue, queue, "", cancellationToken: cancellation);
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += async (_, delivery) =>
            {
                // What else comes to a node's queue is no business of a node that runs nothing.
                if (TypeOf(delivery.BasicProperties).EndsWith(nameof(UpdateNodeTasks), StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref _instructions);
                    waiting.TryWrite((node, JsonSerializer.Deserialize<UpdateNodeTasks>(delivery.Body.Span, JsonSerializerOptions.Web)!));
                }

                await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, cancellation);
            };
            await channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancellation);
        }
    }

    private async Task JoinAsync(IChannel channel, CancellationToken cancellation)
    {
        foreach (var node in _nodes.Values)
        {
            IReadOnlyList<TaskReport> held;
            lock (_gate)
            {
                held = node.ReportAll(Now);
            }

            await PublishAsync(channel, "orchestrator.reports.node-joined", node.Joined(_clusterId, _cpus, _memoryBytes, Now), cancellation);
            await PublishAsync(channel, "orchestrator.reports.node-sync", node.Sync(Now), cancellation);
            await ReportAsync(channel, node.Id, held, cancellation);
        }
    }

    private async Task BeatAsync(IChannel channel, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(BeatMilliseconds), TimeProvider.System);
        do
        {
            foreach (var node in _nodes.Values)
            {
                await PublishAsync(channel, "orchestrator.reports.node-heartbeat", node.Beat(BeatSeconds, Now), cancellation, persistent: false);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    private async Task AnswerAsync(IChannel channel, ChannelReader<(string Node, UpdateNodeTasks Update)> waiting, CancellationToken cancellation)
    {
        await foreach (var came in waiting.ReadAllAsync(cancellation))
        {
            if (Pace > TimeSpan.Zero)
            {
                await Task.Delay(Pace, TimeProvider.System, cancellation);
            }

            foreach (var (node, update) in Disturbed(came, _lateUpdates))
            {
                IReadOnlyList<TaskReport> reports;
                lock (_gate)
                {
                    reports = _nodes[node].Obey(update, Now);
                }

                await ReportAsync(channel, node, reports, cancellation);
            }
        }
    }

    private async Task ReportAsync(IChannel channel, string node, IReadOnlyList<TaskReport> reports, CancellationToken cancellation)
    {
        if (reports.Count == 0)
        {
            return;
        }

        foreach (var report in Disturbed(new TasksReported { NodeId = node, Tasks = reports, OccurredAt = Now }, _lateReports))
        {
            await PublishAsync(channel, "orchestrator.reports.tasks-reported", report, cancellation);
            Interlocked.Increment(ref _reports);
        }
    }

    private IReadOnlyList<T> Disturbed<T>(T message, List<T> late) => Disturbances?.Pass(message, late) ?? [message];

    private async Task PublishAsync<T>(IChannel channel, string exchange, T message, CancellationToken cancellation, bool persistent = true)
    {
        var properties = new BasicProperties
        {
            ContentType = "application/json",
            Persistent = persistent,
            UserId = _factory.UserName,
            MessageId = Guid.NewGuid().ToString(),
            Headers = new Dictionary<string, object?> { ["MT-MessageType"] = $"urn:message:Orchestrator.Contracts:{typeof(T).Name}" },
        };
        await channel.BasicPublishAsync(exchange, "", mandatory: false, properties, JsonSerializer.SerializeToUtf8Bytes(message, JsonSerializerOptions.Web), cancellation);
    }

    private static string TypeOf(IReadOnlyBasicProperties properties) =>
        properties.Headers?.TryGetValue("MT-MessageType", out var type) == true && type is byte[] text ? System.Text.Encoding.UTF8.GetString(text) : "";
}
