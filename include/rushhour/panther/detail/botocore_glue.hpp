/// \file
/// The Python half of clients.hpp for botocore: the creation of its clients, and their calls. The rest, and
/// what the halves share, is in client_glue.hpp.
///
/// Sources: botocore 1.29.27 and boto3 1.26.27 as Debian 12 has them.
#pragma once

#include <string_view>

namespace rushhour::panther::detail {

/// The creation of botocore's clients, and their calls.
inline constexpr std::string_view botocore_glue = R"python(
def hook_botocore():
    import sys
    import types

    # Lambda's runtime has no awscrt: with it botocore would sign in C on the machines where it is installed.
    sys.modules.setdefault("awscrt", None)
    import boto3  # so that rules need not wait for it
    import botocore.client
    import botocore.config
    import botocore.credentials
    import botocore.exceptions
    import botocore.retries.standard
    import botocore.retryhandler
    import botocore.session
    import botocore.validate

    Session = botocore.session.Session
    create_client = Session.create_client
    make_api_call = botocore.client.BaseClient._make_api_call
    UNSIGNED = botocore.UNSIGNED
    prototypes = {}
    configured = {}
    configured_max = 64

    class NotSimulatedError(botocore.exceptions.BotoCoreError):
        fmt = "{reason}"

    class EngineCredentials(botocore.credentials.Credentials):
        """What the code runs as, or what the client was given whose request is being signed."""

        def __init__(self):
            self.method = "rushhour"

        def get_frozen_credentials(self):
            given = getattr(calls, "credentials", None)
            return botocore.credentials.ReadOnlyCredentials(*(given or native.engine_credentials()))

        access_key = property(lambda self: self.get_frozen_credentials().access_key)
        secret_key = property(lambda self: self.get_frozen_credentials().secret_key)
        token = property(lambda self: self.get_frozen_credentials().token)

    def get_credentials(session):
        return session._credentials or EngineCredentials()

    def with_retries(service_name, config):
        """The container's retry policy, for clients that do not name one."""
        chosen = native.retries(service_name)
        if chosen is None or (config is not None and config.retries is not None):
            return config
        mode, attempts = chosen
        theirs = botocore.config.Config(retries={"mode": mode, "total_max_attempts": attempts})
        return theirs if config is None else config.merge(theirs)

    def region_of(session, region_name, config):
        if region_name is not None:
            return region_name
        if config is not None and config.region_name is not None:
            return config.region_name
        known = session.__dict__.get("_rushhour_region")
        if known is None:
            known = session._rushhour_region = session.get_config_variable("region")
        return known

    def prototype_of(session, service_name, region_name, api_version, use_ssl, verify, config):
        """A client of botocore's for the same service and Region, which lends others all but its credentials."""
        key = (service_name, region_of(session, region_name, config), api_version, use_ssl, verify)
        held = prototypes.get(key) if config is None else configured.get((key, id(config)), (None, None))[1]
        if held is None:
            native.count_real_client()
            held = create_client(
                session,
                service_name,
                region_name=region_name,
                api_version=api_version,
                use_ssl=use_ssl,
                verify=verify,
                aws_access_key_id="unused",
                aws_secret_access_key="unused",
                config=config,
            )
            held._request_signer._credentials = EngineCredentials()
            if config is None:
                prototypes[key] = held
            else:
                if len(configured) >= configured_max:
                    configured.clear()
                configured[key, id(config)] = (config, held)  # which keeps the id its own
        return held

    def made_of(session, held, access_key, secret_key, token, config):
        """What calls at the API level need to know of a client."""
        mode, attempts, patience = None, 0, None
        if config is not None:
            retries = config.retries or {}
            if retries:
                mode = retries.get("mode", "legacy")
                attempts = retries.get("total_max_attempts") or retries.get("max_attempts", 4) + 1
            if config.read_timeout != 60:
                patience = config.read_timeout
        own = session._credentials
        if access_key is None and own is not None:
            access_key, secret_key, token = own.get_frozen_credentials()
        return native.client(
            held.meta.service_model.service_name,
            held.meta.endpoint_url,
            held.meta.region_name,
            access_key,
            secret_key,
            token,
            mode,
            attempts,
            patience,
        )

    def create_client_hook(
        session,
        service_name,
        region_name=None,
        api_version=None,
        use_ssl=True,
        verify=None,
        endpoint_url=None,
        aws_access_key_id=None,
        aws_secret_access_key=None,
        aws_session_token=None,
        config=None,
    ):
        native.count_client()
        is_whole = (aws_access_key_id is None) == (aws_secret_access_key is None)
        is_signed = config is None or config.signature_version is not UNSIGNED
        if native.is_api(service_name) and endpoint_url is None and is_whole and is_signed:
            held = prototype_of(session, service_name, region_name, api_version, use_ssl, verify, config)
            client = object.__new__(held.__class__)
            members = client.__dict__
            members.update(held.__dict__)
            members["_rushhour"] = made_of(
                session, held, aws_access_key_id, aws_secret_access_key, aws_session_token, config
            )
            return client
        native.count_real_client()
        return create_client(
            session,
            service_name,
            region_name=region_name,
            api_version=api_version,
            use_ssl=use_ssl,
            verify=verify,
            endpoint_url=endpoint_url,
            aws_access_key_id=aws_access_key_id,
            aws_secret_access_key=aws_secret_access_key,
            aws_session_token=aws_session_token,
            config=with_retries(service_name, config),
        )

    def by_http(client, operation_name, api_params):
        """The call as botocore makes it."""
        reason = native.refuse_service(client.meta.service_model.service_name, operation_name)
        if reason is not None:
            raise NotSimulatedError(reason=reason)
        made = client.__dict__.get("_rushhour")
        before = getattr(calls, "credentials", None)
        calls.credentials = None if made is None else native.credentials_of(made)
        try:
            return make_api_call(client, operation_name, api_params)
        finally:
            calls.credentials = before

    def validate(client, operation_name, api_params):
        """As ParamValidationDecorator does before it serialises. Raises ParamValidationError."""
        if not client.meta.config.parameter_validation:
            return
        shape = client.meta.service_model.operation_model(operation_name).input_shape
        if shape is None:
            return
        report = botocore.validate.ParamValidator().validate(api_params, shape)
        if report.has_errors():
            raise botocore.exceptions.ParamValidationError(report=report.generate_report())

    def output_members(client, operation_name):
        """The members of an answer that this botocore knows, those of structures within them likewise."""

        def members_of(shape):
            while shape.type_name in ("list", "map"):
                shape = shape.member if shape.type_name == "list" else shape.value
            if shape.type_name != "structure":
                return None
            return {name: members_of(member) for name, member in shape.members.items()}

        shape = client.meta.service_model.operation_model(operation_name).output_shape
        return {} if shape is None else members_of(shape)

    def raise_failure(client, operation_name, response):
        if "Type" not in response["Error"]:
            # The JSON protocol: of an error that the service's model has, its text is a member as well.
            shape = client.meta.service_model.shape_for_error_code(response["Error"]["Code"])
            for name in () if shape is None else shape.members:
                if name.lower() == "message":
                    response[name] = response["Error"]["Message"]
        raise client.exceptions.from_code(response["Error"]["Code"])(response, operation_name)

    def raise_no_answer(client, timed_out):
        kind = botocore.exceptions.ReadTimeoutError if timed_out else botocore.exceptions.ConnectionClosedError
        raise kind(endpoint_url=client.meta.endpoint_url + "/", error=None)

    def raise_not_simulated(reason):
        raise NotSimulatedError(reason=reason)

    native.set_botocore(by_http, validate, output_members, raise_failure, raise_no_answer, raise_not_simulated)
    patch(Session, "create_client", create_client_hook)
    patch(Session, "get_credentials", get_credentials)
    patch(botocore.client.BaseClient, "_make_api_call", native.make_api_call)
    patch(botocore.retryhandler, "random", types.SimpleNamespace(random=jitter))
    backoff = botocore.retries.standard.ExponentialBackoff.__init__
    defaults = backoff.__defaults__
    backoff.__defaults__ = (defaults[0], jitter)
    patched.append((backoff, "__defaults__", defaults))
)python";

}  // namespace rushhour::panther::detail
