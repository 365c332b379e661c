namespace TorchSharp.Peer;

/// <summary>One network, batch and mode, ready to be timed.</summary>
internal interface IRunner : IDisposable
{
    /// <summary>How it runs, for the notes under the table.</summary>
    string Variant { get; }

    void Run(int iterations);
}
