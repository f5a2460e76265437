using System.Net;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Orchestrator.Messaging;

/// <summary>A plain connection to the broker, for what the bus does not do. It lasts for one piece of work.</summary>
internal static class BrokerClient
{
    private const string DefaultUser = "guest";
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    public static string UserOf(Uri broker) => Credentials(broker).User;

    /// <exception cref="BrokerUnavailableException">It cannot be reached, breaks, or refuses.</exception>
    public static Task<T> UseAsync<T>(Uri broker, Func<IConnection, Task<T>> work, CancellationToken cancellation) => UseAsync(broker, null, work, cancellation);

    /// <param name="caFile">As in <see cref="BusOptions.CaFile"/>.</param>
    /// <exception cref="BrokerUnavailableException">It cannot be reached, breaks, or refuses.</exception>
    public static async Task<T> UseAsync<T>(Uri broker, string? caFile, Func<IConnection, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await Factory(broker, caFile).CreateConnectionAsync(cancellation);
            var result = await work(connection);
            await connection.CloseAsync(cancellation);
            return result;
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason is { ReplyCode: Constants.AccessRefused } reason)
        {
            throw new BrokerUnavailableException($"the broker refuses: {reason.ReplyText}; give the user '{UserOf(broker)}' the permission", exception);
        }
        catch (Exception exception) when (exception is RabbitMQClientException or IOException or TimeoutException or System.Net.Sockets.SocketException)
        {
            throw new BrokerUnavailableException($"the broker {broker.Host}:{Port(broker)} cannot be reached: {exception.GetBaseException().Message.TrimEnd('.')}", exception);
        }
    }

    private static ConnectionFactory Factory(Uri broker, string? caFile)
    {
        var (user, password) = Credentials(broker);
        var path = WebUtility.UrlDecode(broker.AbsolutePath.TrimStart('/'));
        return new ConnectionFactory
        {
            HostName = broker.Host,
            Port = Port(broker),
            VirtualHost = path.Length == 0 ? ConnectionFactory.DefaultVHost : path,
            UserName = user,
            Password = password,
            Ssl = Ssl(broker, caFile),
            AutomaticRecoveryEnabled = false,
            RequestedConnectionTimeout = ConnectLimit,
            ContinuationTimeout = ConnectLimit,
            ClientProvidedName = "orchestrator",
        };
    }

    private static SslOption Ssl(Uri broker, string? caFile)
    {
        var ssl = new SslOption(broker.Host, enabled: IsSecure(broker));
        if (caFile is not null)
        {
            ssl.CertificateValidationCallback = BrokerCertificate.SignedBy(caFile);
        }

        return ssl;
    }

    private static bool IsSecure(Uri broker) => broker.Scheme is "amqps" or "rabbitmqs";

    private static int Port(Uri broker) => broker.Port > 0 ? broker.Port : IsSecure(broker) ? 5671 : 5672;

    private static (string User, string Password) Credentials(Uri broker) => broker.UserInfo.Split(':', 2) is [{ Length: > 0 } user, var password]
        ? (Uri.UnescapeDataString(user), Uri.UnescapeDataString(password))
        : (DefaultUser, DefaultUser);
}
