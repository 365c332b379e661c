namespace NetGen.Cuda.Simulator.Ptx;

/// <summary>A module's text that the assembler would refuse, or that uses what this machine does not simulate.</summary>
/// <param name="line">The line, from 1.</param>
/// <param name="text">The line itself.</param>
/// <param name="reason">What is wrong with it, and what would be right.</param>
public sealed class PtxException(int line, string text, string reason)
    : FormatException($"PTX line {line}: {reason}\n    {text.Trim()}")
{
    /// <summary>The line, from 1.</summary>
    public int Line => line;

    /// <summary>What is wrong, without the place.</summary>
    public string Reason => reason;
}
