using MassTransit;
using MassTransit.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Messaging;

/// <summary>The kinds of queue there are, the same on every transport.</summary>
public static class ReceiveEndpoints
{
    private const int NodeMessageMilliseconds = 60_000;
    private static readonly TimeSpan NodeQueueExpiry = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A queue for one type of command that anyone may send as plain JSON: no type header needed, one consumer at a time
    /// in the cluster, and a body that cannot be read is answered with a rejection before it goes to the error queue.
    /// </summary>
    public static void TakeFromOutsiders(this IReceiveEndpointConfigurator endpoint, IBusRegistrationContext context)
    {
        endpoint.SingleActive();
        endpoint.UseRawJsonDeserializer(RawSerializerOptions.AnyMessageType | RawSerializerOptions.AddTransportHeaders, isDefault: true);
        context.GetRequiredService<OutsiderQueues>().Add(endpoint.InputAddress);
        endpoint.ConfigureError(pipe =>
        {
            pipe.UseFilter(new RejectUnreadableFilter(context.GetRequiredService<TimeProvider>()));
            pipe.UseFilter(new GenerateFaultFilter());
            pipe.UseFilter(new ErrorTransportFilter());
        });
    }

    /// <summary>Of all instances of the service one consumes; another takes over when it goes.</summary>
    public static void SingleActive(this IReceiveEndpointConfigurator endpoint)
    {
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
        {
            rabbit.SingleActiveConsumer = true;
        }
    }

    /// <summary>A queue that lives with the process: each instance sees every message. What fails is dropped: an error queue would outlive the process, and nobody knows its name.</summary>
    public static void PerInstance(this IReceiveEndpointConfigurator endpoint)
    {
        endpoint.DiscardFaultedMessages();
        endpoint.DiscardSkippedMessages();
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
        {
            rabbit.AutoDelete = true;
            rabbit.Durable = false;
        }
    }

    /// <summary>A node's own queue: keeps a message 60 s and goes 10 min after its node. Bound to nothing: it gets what is sent to it.</summary>
    public static void AsNodeQueue(this IReceiveEndpointConfigurator endpoint)
    {
        endpoint.ConfigureConsumeTopology = false;
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
        {
            rabbit.QueueExpiration = NodeQueueExpiry;
            rabbit.SetQueueArgument("x-message-ttl", NodeMessageMilliseconds);
        }
    }
}
