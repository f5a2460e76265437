using System.Net.Sockets;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>Published ports over IPv6; containers have addresses of IPv4 alone.</summary>
public sealed class Ipv6OnSingleNode(SharedNode shared)
{
    private IInstallation Node => shared.Node;

    [Theory]
    [InlineData("ingress", "", "127.0.0.1 [::1]")]
    [InlineData("ingress", "::", "[::1]")]
    [InlineData("ingress", "::1", "[::1]")]
    [InlineData("host", "::1", "[::1]")]
    public async Task APublishedPort_IsAnswered_WhereItIsPublished(string mode, string hostIp, string answering)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "no IPv6");
        var app = $"six-{mode}-{hostIp.Count(c => c == ':')}{hostIp.Length}";
        var port = SingleNode.FreePort();
        await Node.Api.DeployAsync(app, $$"""
            services:
              web:
                image: orch-test:1
                pull_policy: never
                stop_grace_period: 1s
                ports: [{ target: 8080, published: {{port}}, mode: {{mode}}{{(hostIp.Length > 0 ? $", host_ip: \"{hostIp}\"" : "")}} }]
                x-orchestrator: { rollout: { min_healthy_time: 0s } }
            """);
        await Node.Api.RunningAsync(app, "web", 1);
        using var http = new HttpClient();
        foreach (var address in new[] { "127.0.0.1", "[::1]" })
        {
            var asked = new Uri($"http://{address}:{port}/");
            if (answering.Contains(address, StringComparison.Ordinal))
            {
                Assert.Contains("shop version 1", await Until.IsAsync(() => PageAsync(http, asked), page => page.Length > 0, $"{asked} answers"), StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal("", await PageAsync(http, asked));
            }
        }

        await Node.Api.RemoveAsync(app);
        await Node.Api.GoneAsync(app);
    }

    private static async Task<string> PageAsync(HttpClient http, Uri address)
    {
        try
        {
            return await http.GetStringAsync(address);
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }
}
