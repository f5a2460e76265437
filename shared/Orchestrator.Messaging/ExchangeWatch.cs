using MassTransit;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;

namespace Orchestrator.Messaging;

/// <summary>Says that an exchange is missing, which one who may not declare it can only wait for: once, until all that were missing are there. They come one by one.</summary>
internal sealed partial class ExchangeWatch(ILogger<ExchangeWatch> logger) : IPublishObserver
{
    private const ushort NotFound = 404;
    private readonly Lock _gate = new();
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);
    private volatile bool _anyMissing;

    public Task PrePublish<T>(PublishContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PostPublish<T>(PublishContext<T> context)
        where T : class
    {
        if (_anyMissing)
        {
            lock (_gate)
            {
                _missing.Remove(EntityNames.Of(typeof(T)));
                _anyMissing = _missing.Count > 0;
            }
        }

        return Task.CompletedTask;
    }

    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class
    {
        if (exception.GetBaseException() is OperationInterruptedException { ShutdownReason.ReplyCode: NotFound } && IsFirst(EntityNames.Of(typeof(T))))
        {
            ExchangeMissing(logger, EntityNames.Of(typeof(T)));
        }

        return Task.CompletedTask;
    }

    private bool IsFirst(string missing)
    {
        lock (_gate)
        {
            _anyMissing = true;
            return _missing.Add(missing) && _missing.Count == 1;
        }
    }

    [LoggerMessage(5004, LogLevel.Warning, "The broker has no exchange {Exchange}: load infra/rabbitmq/definitions.json into it, or start the other services; what is to be sent waits", EventName = "ExchangeMissing")]
    private static partial void ExchangeMissing(ILogger logger, string exchange);
}
