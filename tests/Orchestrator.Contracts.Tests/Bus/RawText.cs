using System.Net.Mime;
using MassTransit;

namespace Orchestrator.Contracts.Tests.Bus;

/// <summary>Sends a text as it is, without any header of ours: what a program in another language does.</summary>
internal sealed class RawText(string text) : IMessageSerializer
{
    public ContentType ContentType { get; } = new("application/json");

    public MessageBody GetMessageBody<T>(SendContext<T> context)
        where T : class => new StringMessageBody(text);
}
