using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MassTransit;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.State;

namespace Orchestrator.Api.Join;

/// <summary>Makes join tokens, and gives who shows one the user of its node.</summary>
internal sealed class JoinTokens(
    IJoinTokenStore tokens, INodeStore nodes, BrokerManagement management, BusOptions bus, IOptions<JoinOptions> options, IOptions<ApiOptions> api, TimeProvider time)
{
    private const int PasswordBytes = 32;

    /// <summary>The token is stored first: whatever happens then, the sweep deletes its user.</summary>
    /// <exception cref="HttpRequestException">The broker does not answer, or refuses.</exception>
    public async Task<JoinToken> MakeAsync(NodeRole role, TimeSpan lifetime, string? requestedBy, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var settings = options.Value;
        var token = new JoinToken
        {
            Broker = WithoutUser(settings.BrokerAddress ?? bus.Broker!),
            CaSha256 = settings.CaFile is { Length: > 0 } file ? Convert.ToHexStringLower(SHA256.HashData(X509CertificateLoader.LoadCertificateFromFile(file).RawData)) : null,
            Id = NewId.NextGuid().ToString("N"),
            Password = NewPassword(),
            ClusterId = api.Value.ClusterId,
            ExpiresAt = now + lifetime,
        };
        await tokens.AddAsync(
            new JoinTokenDocument { Id = token.Id, Role = role, RequestedBy = requestedBy, CreatedAt = now, ExpiresAt = token.ExpiresAt }, cancellation);
        await management.PutUserAsync(token.User, token.Password, BrokerUsers.JoinPermissions(token.Id), cancellation);
        return token;
    }

    /// <summary>The same node may ask again with the same token: it gets another password.</summary>
    public async Task<AdmitNode> AdmitAsync(string tokenId, string nodeId, CancellationToken cancellation)
    {
        var token = await tokens.FindAsync(tokenId, cancellation);
        var answer = new AdmitNode { NodeId = nodeId, ClusterId = api.Value.ClusterId, Role = token?.Role ?? NodeRole.Worker };
        var now = time.GetUtcNow();
        if (token is null || token.ExpiresAt <= now)
        {
            return answer with { Refusal = "the token has expired; get another with 'orch node join-command'" };
        }

        if (!BrokerUsers.IsNodeId(nodeId))
        {
            return answer with { Refusal = $"node id '{nodeId}': write at most 64 small letters, digits and '-'" };
        }

        if (token.UsedBy is null && await nodes.FindAsync(nodeId, cancellation) is not null)
        {
            return answer with { Refusal = $"there is a node '{nodeId}' already; delete the agent's state folder, so that it joins as another" };
        }

        if (!await tokens.TryUseAsync(tokenId, nodeId, now + options.Value.UsedTokenKept, cancellation))
        {
            return answer with { Refusal = "the token has been used; get another with 'orch node join-command'" };
        }

        var password = NewPassword();
        await management.PutUserAsync(BrokerUsers.OfNode(nodeId), password, BrokerUsers.NodePermissions(nodeId), cancellation);
        return answer with { User = BrokerUsers.OfNode(nodeId), Password = password };
    }

    /// <summary>Deletes the users of tokens that are used or have expired.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        foreach (var token in await tokens.ListExpiredAsync(time.GetUtcNow(), cancellation))
        {
            await management.DeleteUserAsync(BrokerUsers.OfJoin(token.Id), cancellation);
            await tokens.RemoveAsync(token.Id, cancellation);
        }
    }

    private static string NewPassword() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(PasswordBytes));

    /// <summary>Of our address the virtual host is taken where the other one names none.</summary>
    private Uri WithoutUser(Uri address) => new UriBuilder(address)
    {
        UserName = "",
        Password = "",
        Scheme = address.Scheme is "amqps" or "rabbitmqs" ? "amqps" : "amqp",
        Path = address.AbsolutePath.Length > 1 ? address.AbsolutePath : bus.Broker!.AbsolutePath,
        Port = address.Port,
    }.Uri;
}
