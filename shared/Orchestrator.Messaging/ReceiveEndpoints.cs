using MassTransit;
using MassTransit.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Messaging;

/// <summary>The kinds of queue there are, the same on every transport.</summary>
public static class ReceiveEndpoints
{
    private const int NodeMessageMilliseconds = 60_000;
    private const int InstanceQueueMilliseconds = 60_000;
    private static readonly TimeSpan NodeQueueExpiry = TimeSpan.FromMinutes(10);

    /// <summary>A queue that all instances of a service share. Where <see cref="BusOptions.QuorumQueues"/> says so it outlives a broker of the cluster.</summary>
    public static void SharedQueue(this IBusFactoryConfigurator bus, IBusRegistrationContext context, string name, Action<IReceiveEndpointConfigurator> configure) =>
        bus.ReceiveEndpoint(name, endpoint =>
        {
            endpoint.Replicate(context);
            configure(endpoint);
        });

    /// <summary>
    /// A queue for one type of command that anyone may send as plain JSON: no type header needed, one consumer at a time
    /// in the cluster, and a body that cannot be read is answered with a rejection before it goes to the error queue.
    /// </summary>
    public static void TakeFromOutsiders(this IReceiveEndpointConfigurator endpoint, IBusRegistrationContext context)
    {
        endpoint.TakePlainJson(context);
        endpoint.ConfigureError(pipe =>
        {
            pipe.UseFilter(new RejectUnreadableFilter(context.GetRequiredService<TimeProvider>()));
            pipe.UseFilter(new GenerateFaultFilter());
            pipe.UseFilter(new ErrorTransportFilter());
        });
    }

    /// <summary>
    /// As <see cref="TakeFromOutsiders"/>, for what is soon said again, and by those who are trusted with nothing else: it keeps a message
    /// for <paramref name="worth"/> alone, what fails is dropped, and not more than a few rejections are told in a second.
    /// </summary>
    public static void TakePassingWords(this IReceiveEndpointConfigurator endpoint, IBusRegistrationContext context, TimeSpan worth)
    {
        var time = context.GetRequiredService<TimeProvider>();
        endpoint.TakePlainJson(context);
        endpoint.PublishFaults = false;
        endpoint.ConfigureError(pipe =>
        {
            pipe.UseFilter(new RejectUnreadableFilter(time, new PostBudgets(time)));
            pipe.UseFilter(new DiscardErrorTransportFilter());
        });
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
        {
            rabbit.SetQueueArgument("x-message-ttl", (int)worth.TotalMilliseconds);
        }
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
            // Durable all the same: RabbitMQ 4.3 refuses transient queues that are not exclusive. The expiry takes what a restart of the broker left.
            rabbit.AutoDelete = true;
            rabbit.SetQueueArgument("x-expires", InstanceQueueMilliseconds);
        }
    }

    /// <summary>
    /// A node's own queue: keeps a message 60 s and goes 10 min after its node. Bound to nothing: it gets what is sent to it.
    /// What fails is logged and dropped: instructions are sent again until they are acknowledged, and a node's user may not
    /// move a message that carries another sender's name.
    /// </summary>
    public static void AsNodeQueue(this IReceiveEndpointConfigurator endpoint, IBusRegistrationContext context)
    {
        endpoint.Replicate(context);
        endpoint.ConfigureConsumeTopology = false;
        endpoint.PublishFaults = false;
        endpoint.DiscardFaultedMessages();
        endpoint.DiscardSkippedMessages();
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
        {
            rabbit.QueueExpiration = NodeQueueExpiry;
            rabbit.SetQueueArgument("x-message-ttl", NodeMessageMilliseconds);
        }
    }

    private static void TakePlainJson(this IReceiveEndpointConfigurator endpoint, IBusRegistrationContext context)
    {
        endpoint.SingleActive();
        endpoint.UseRawJsonDeserializer(RawSerializerOptions.AnyMessageType | RawSerializerOptions.AddTransportHeaders, isDefault: true);
        context.GetRequiredService<OutsiderQueues>().Add(endpoint.InputAddress);
    }

    private static void Replicate(this IReceiveEndpointConfigurator endpoint, IBusRegistrationContext context)
    {
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit && context.GetRequiredService<BusOptions>().QuorumQueues)
        {
            rabbit.SetQuorumQueue();
        }
    }
}
