using MassTransit;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;

namespace Orchestrator.Messaging;

/// <summary>Says once that an exchange is missing, which one who may not declare it can only wait for.</summary>
internal sealed partial class ExchangeWatch(ILogger<ExchangeWatch> logger) : IPublishObserver
{
    private const ushort NotFound = 404;
    private int _missing;

    public Task PrePublish<T>(PublishContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PostPublish<T>(PublishContext<T> context)
        where T : class
    {
        Interlocked.Exchange(ref _missing, 0);
        return Task.CompletedTask;
    }

    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class
    {
        if (exception.GetBaseException() is OperationInterruptedException { ShutdownReason.ReplyCode: NotFound } && Interlocked.Exchange(ref _missing, 1) == 0)
        {
            ExchangeMissing(logger, EntityNames.Of(typeof(T)));
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(5004, LogLevel.Warning, "The broker has no exchange {Exchange}: load infra/rabbitmq/definitions.json into it, or start the other services; what is to be sent waits", EventName = "ExchangeMissing")]
    private static partial void ExchangeMissing(ILogger logger, string exchange);
}
