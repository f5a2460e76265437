using MassTransit;

namespace Orchestrator.Messaging;

/// <summary>Publishing many: one confirm awaited after another costs four times as much.</summary>
public static class Publishing
{
    private const int InFlight = 48;

    public static async Task PublishManyAsync<T>(this IPublishEndpoint endpoint, IReadOnlyCollection<T> messages, CancellationToken cancellation)
        where T : class
    {
        foreach (var chunk in messages.Chunk(InFlight))
        {
            await Task.WhenAll(chunk.Select(message => endpoint.Publish(message, message.GetType(), cancellation)));
        }
    }

    /// <summary>Sends each message to its own address.</summary>
    public static async Task SendManyAsync<T>(this ISendEndpointProvider provider, IReadOnlyCollection<(Uri Address, T Message)> messages, CancellationToken cancellation)
        where T : class
    {
        foreach (var chunk in messages.Chunk(InFlight))
        {
            await Task.WhenAll(chunk.Select(async item =>
            {
                var endpoint = await provider.GetSendEndpoint(item.Address);
                await endpoint.Send(item.Message, cancellation);
            }));
        }
    }
}
