namespace NetGen.Benchmarks.Networks;

/// <summary>A generated session.</summary>
internal sealed class SessionHandle(IDisposable session) : Handle(session);
