using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.Options;
using Orchestrator.Messaging;

namespace Orchestrator.Api.Join;

/// <summary>Makes and deletes users over RabbitMQ's management API. Every step may be repeated.</summary>
internal sealed class BrokerManagement(IHttpClientFactory clients, IOptions<JoinOptions> options, BusOptions bus)
{
    public const string Missing =
        "this API may not make users on the broker, so no machine can join; set Api__Join__BrokerManagement to the broker's management API, such as http://admin:PASSWORD@rabbitmq:15672, and restart it";

    public bool IsThere => options.Value.BrokerManagement is not null && bus.Broker is not null;

    private string VirtualHost => bus.Broker!.AbsolutePath.Trim('/') is { Length: > 0 } name ? name : Uri.EscapeDataString("/");

    /// <summary>Makes the user or gives it another password, with these permissions and no other.</summary>
    /// <exception cref="HttpRequestException">The broker does not answer, or refuses.</exception>
    public async Task PutUserAsync(string user, string password, (string Configure, string Write, string Read) may, CancellationToken cancellation)
    {
        await SendAsync(HttpMethod.Put, $"users/{Uri.EscapeDataString(user)}", new { password, tags = "" }, cancellation);
        await SendAsync(
            HttpMethod.Put, $"permissions/{VirtualHost}/{Uri.EscapeDataString(user)}", new { configure = may.Configure, write = may.Write, read = may.Read }, cancellation);
    }

    /// <summary>The user goes, and its connections are closed.</summary>
    /// <exception cref="HttpRequestException">The broker does not answer, or refuses.</exception>
    public async Task DeleteUserAsync(string user, CancellationToken cancellation)
    {
        await SendAsync(HttpMethod.Delete, $"users/{Uri.EscapeDataString(user)}", null, cancellation);
        await SendAsync(HttpMethod.Delete, $"connections/username/{Uri.EscapeDataString(user)}", null, cancellation);
    }

    /// <summary>With what stands in it.</summary>
    /// <exception cref="HttpRequestException">The broker does not answer, or refuses.</exception>
    public Task DeleteQueueAsync(string queue, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Delete, $"queues/{VirtualHost}/{Uri.EscapeDataString(queue)}", null, cancellation);

    private async Task SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        var address = options.Value.BrokerManagement ?? throw new InvalidOperationException(Missing);
        using var request = new HttpRequestMessage(method, new Uri(address, "/api/" + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))));
        request.Content = body is null ? null : JsonContent.Create(body);
        using var client = clients.CreateClient(nameof(BrokerManagement));
        using var response = await client.SendAsync(request, cancellation);
        if (!response.IsSuccessStatusCode && !(method == HttpMethod.Delete && response.StatusCode == HttpStatusCode.NotFound))
        {
            throw new HttpRequestException($"the broker's management API answers {(int)response.StatusCode} to {method} {path}; look at Api:Join:BrokerManagement and the broker's log");
        }
    }
}
