using System.Collections.Concurrent;
using System.Text.Json;
using Orchestrator.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Orchestrator.Benchmarks;

/// <summary>Hears from the nodes of a lab which endpoints they route to by now.</summary>
internal sealed class RouteWatch : IAsyncDisposable
{
    private const string Exchange = "orchestrator.reports.endpoints-applied";
    private readonly ConcurrentQueue<EndpointsApplied> _told = new();
    private readonly IConnection _connection;

    private RouteWatch(IConnection connection) => _connection = connection;

    public static async Task<RouteWatch> StartAsync(Lab lab)
    {
        var connection = await new ConnectionFactory { Uri = new Uri(lab.Bus) }.CreateConnectionAsync();
        var watch = new RouteWatch(connection);
        var channel = await connection.CreateChannelAsync();
        var queue = await channel.QueueDeclareAsync();
        await channel.QueueBindAsync(queue.QueueName, Exchange, "");
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivered) =>
        {
            watch._told.Enqueue(JsonSerializer.Deserialize<EndpointsApplied>(delivered.Body.Span, JsonSerializerOptions.Web)!);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer);
        return watch;
    }

    /// <param name="serviceId">Of the service.</param>
    /// <param name="nodes">How many there are.</param>
    /// <param name="after">What was routed before does not count.</param>
    /// <returns>When the last node routed to what was told of the service last; null while one has not.</returns>
    public DateTimeOffset? RoutedAt(string serviceId, int nodes, DateTimeOffset after)
    {
        var told = _told.Where(applied => applied.OccurredAt > after && applied.Services.ContainsKey(serviceId)).ToList();
        var last = told.Select(applied => applied.Services[serviceId]).DefaultIfEmpty().Max();
        var firstOf = told.Where(applied => applied.Services[serviceId] == last).GroupBy(applied => applied.NodeId).Select(node => node.Min(applied => applied.OccurredAt)).ToList();
        return firstOf.Count == nodes ? firstOf.Max() : null;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
