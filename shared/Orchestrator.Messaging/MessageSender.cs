using MassTransit;

namespace Orchestrator.Messaging;

public static class MessageSender
{
    /// <summary>The broker's user that sent the message, as the broker vouches for it; null: it does not say, or came in memory.</summary>
    public static string? BrokerUser(this ConsumeContext context) =>
        context.TryGetPayload<RabbitMqBasicConsumeContext>(out var rabbit) ? rabbit.Properties.UserId : null;
}
