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

    /// <param name="endpoint">Where to.</param>
    /// <param name="items">What the messages are made of.</param>
    /// <param name="message">Makes one.</param>
    /// <param name="begin">Begins what encloses the publishing of one, and ends with it; null: nothing does.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task PublishManyAsync<T>(
        this IPublishEndpoint endpoint, IReadOnlyCollection<T> items, Func<T, object> message, Func<T, IDisposable?> begin, CancellationToken cancellation)
    {
        foreach (var chunk in items.Chunk(InFlight))
        {
            await Task.WhenAll(chunk.Select(async item =>
            {
                using (begin(item))
                {
                    await endpoint.Publish(message(item), cancellation);
                }
            }));
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
