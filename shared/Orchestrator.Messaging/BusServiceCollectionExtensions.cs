using System.Net.Security;
using System.Security.Authentication;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orchestrator.Contracts;

namespace Orchestrator.Messaging;

public static class BusServiceCollectionExtensions
{
    private static readonly TimeSpan[] RetryIntervals =
        [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1)];

    // About 25 minutes: the broker takes a message back from who holds it for more than 30.
    private const int OutageRetries = 300;
    private static readonly TimeSpan OutageFirstRetry = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan OutageLastRetry = TimeSpan.FromSeconds(5);

    /// <summary>The one bus of this process, with the consumers of the services that run in it.</summary>
    public static IServiceCollection AddOrchestratorBus(this IServiceCollection services, BusOptions options, params IReadOnlyList<BusService> busServices)
    {
        services.AddSingleton(options);
        services.AddSingleton<OutsiderQueues>();
        services.AddSingleton<RefusedSenders>();
        services.AddReceiveEndpointObserver<BrokerWatch>();
        services.AddPublishObserver<ExchangeWatch>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<MassTransitHostOptions>().Configure(host =>
        {
            // A broker that is away is waited for in the background; the process is up meanwhile.
            host.WaitUntilStarted = options.Broker is null;
            host.StopTimeout = TimeSpan.FromSeconds(10);
        });
        services.AddMassTransit(bus =>
        {
            foreach (var service in busServices)
            {
                service.AddConsumers(bus);
            }

            if (options.Broker is { } broker)
            {
                bus.UsingRabbitMq((context, rabbit) =>
                {
                    // First of all: a message's topology takes its name when it is first asked for.
                    rabbit.MessageTopology.SetEntityNameFormatter(new EntityNames());
                    rabbit.Host(RabbitMqAddress(broker), options.ConnectionName, host =>
                    {
                        host.UseCredentialsOf(broker, options.CaFile);
                        host.OnRefreshConnectionFactory = factory =>
                        {
                            factory.SocketFactory = BrokerSocket.Create;
                            return Task.CompletedTask;
                        };
                    });
                    rabbit.NameTheSender(options.User!);
                    rabbit.PrefetchCount = options.Prefetch;
                    rabbit.Publish<OrchestratorEvent>(publish => publish.Exclude = true);

                    rabbit.ConfigureExchanges(options);
                    rabbit.ConfigureAll(context, options, busServices);
                });
            }
            else
            {
                bus.UsingInMemory((context, memory) =>
                {
                    memory.MessageTopology.SetEntityNameFormatter(new EntityNames());
                    memory.PrefetchCount = options.Prefetch;
                    memory.Publish<OrchestratorEvent>(publish => publish.Exclude = true);
                    memory.ConfigureAll(context, options, busServices);
                });
            }
        });
        return services;
    }

    private static void ConfigureAll(this IBusFactoryConfigurator bus, IBusRegistrationContext context, BusOptions options, IReadOnlyList<BusService> services)
    {
        bus.ConfigureJsonSerializerOptions(json =>
        {
            // A null where a value must stand is refused at the door, not met later.
            json.RespectNullableAnnotations = true;
            json.WriteIndented = false;
            return json;
        });
        bus.UseRawJsonSerializer(RawSerializerOptions.AddTransportHeaders | RawSerializerOptions.CopyHeaders);
        var time = context.GetRequiredService<TimeProvider>();
        bus.ConfigureSend(pipe => pipe.UseExecute(message => MeasureFilter.Stamp(message, time)));
        bus.ConfigurePublish(pipe => pipe.UseExecute(message => MeasureFilter.Stamp(message, time)));
        bus.UseFilter(new MeasureFilter(time));
        bus.UseFilter(new RequireTypeHeaderFilter(context.GetRequiredService<OutsiderQueues>()));
        if (options.User is { } user)
        {
            bus.UseFilter(new RequireSenderFilter(user, context.GetRequiredService<RefusedSenders>()));
        }

        bus.UseMessageRetry(retry =>
        {
            retry.Handle<Exception>(exception => options.IsOutage(exception));
            retry.Exponential(OutageRetries, OutageFirstRetry, OutageLastRetry, OutageFirstRetry);
        });
        bus.UseMessageRetry(retry =>
        {
            retry.Ignore<Exception>(exception => options.IsOutage(exception));

            // What cannot be read stays unreadable.
            retry.Ignore<System.Runtime.Serialization.SerializationException>();
            retry.Ignore<System.Text.Json.JsonException>();
            retry.Intervals(RetryIntervals);
        });
        foreach (var service in services)
        {
            service.ConfigureEndpoints(bus, context);
        }
    }

    private static void ConfigureExchanges(this IRabbitMqBusFactoryConfigurator rabbit, BusOptions options)
    {
        static bool IsMessage(Type type) => type.IsDefined(typeof(MessageNameAttribute), inherit: false);
        if (!options.DeclaresOwnQueueOnly)
        {
            // Every exchange stands before the first message, so that anyone may bind to it.
            rabbit.AddPublishMessageTypesFromNamespaceContaining<IOrchestratorEvent>(filter: IsMessage);
            rabbit.DeployPublishTopology = true;
            return;
        }

        foreach (var type in typeof(IOrchestratorEvent).Assembly.GetExportedTypes().Where(IsMessage))
        {
            rabbit.Publish(type, publish => publish.Exclude = true);
        }
    }

    /// <summary>The broker refuses a message that names another user than the one that sends it.</summary>
    private static void NameTheSender(this IBusFactoryConfigurator bus, string user)
    {
        void Name(SendContext context)
        {
            if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit))
            {
                rabbit.BasicProperties.UserId = user;
            }
        }

        bus.ConfigureSend(pipe => pipe.UseExecute(Name));
        bus.ConfigurePublish(pipe => pipe.UseExecute(Name));
    }

    private static Uri RabbitMqAddress(Uri broker)
    {
        var secure = broker.Scheme is "amqps" or "rabbitmqs";
        return new UriBuilder(broker)
        {
            Scheme = secure ? "rabbitmqs" : "rabbitmq",
            Port = broker.IsDefaultPort || broker.Port <= 0 ? (secure ? 5671 : 5672) : broker.Port,
            UserName = "",
            Password = "",
        }.Uri;
    }

    private static void UseCredentialsOf(this IRabbitMqHostConfigurator host, Uri broker, string? caFile)
    {
        if (broker.Scheme is "amqps" or "rabbitmqs")
        {
            var isGood = caFile is null ? null : BrokerCertificate.SignedBy(caFile);
            host.UseSsl(ssl =>
            {
                ssl.Protocol = SslProtocols.None; // What the machine holds good.
                ssl.ServerName = broker.Host;
                ssl.EnforcePolicyErrors(SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch);
                if (isGood is not null)
                {
                    ssl.CertificateValidationCallback = isGood;
                }
            });
        }

        if (broker.UserInfo.Split(':', 2) is [{ Length: > 0 } user, var password])
        {
            host.Username(Uri.UnescapeDataString(user));
            host.Password(Uri.UnescapeDataString(password));
        }
    }
}
