using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Tests;

/// <summary>
/// What NVIDIA's assembler says of the texts of the other tests, where it is on the path: it reads what this reader accepts, and refuses
/// what this reader says it refuses. Nothing else needs it.
/// </summary>
public sealed class AssemblerTests
{
    /// <summary>Reasons for which texts are refused here that the assembler takes.</summary>
    private static readonly string[] s_ownRefusals =
    [
        // Their bits are open, or differ from run to run.
        "the result of", "without '.rn'", "a sum of floats by atomics", "which lanes are together", "there is no register %clock",
        // Not simulated.
        ".local memory is not simulated", "'.sync' is expected where '.arrive' stands",
        // It takes them for something else than what they look like, or does not look.
        "'%tid' is the name of a special register", "4294967296 is no .s32", "%r2 is .b32, and an address of this memory has 64 bits",
        "'add' has no modifier '.sat' in this place", "'ld' has no modifier '.nc' in this place", "'!' is not for the operands of predicate logic",
        "reads bytes 8 to 11 of the parameters",
    ];

    [SkippableFact]
    public void TheAssemblerReadsWhatIsAccepted()
    {
        RequireAssembler();
        var wrong = new List<string>();
        foreach (object[] row in (IEnumerable<object[]>)GrammarTests.Accepted)
        {
            string text = Kernels.Text((string)row[0]);
            if (Assemble(text) is { } errors)
                wrong.Add($"{row[0]}\n{errors}");
        }
        foreach (object[] row in (IEnumerable<object[]>)InstructionTests.Values)
        {
            string text = Kernels.Text($"setp.eq.u32 %p3, %t, 99999; {row[0]} st.global.u32 [%at], %r1;", outside: InstructionTests.Table);
            if (Assemble(text) is { } errors)
                wrong.Add($"{row[0]}\n{errors}");
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [SkippableFact]
    public void TheAssemblerRefusesWhatIsRefused()
    {
        RequireAssembler();
        var wrong = new List<string>();
        foreach (object[] row in (IEnumerable<object[]>)GrammarTests.Refused)
        {
            (string body, string reason) = ((string)row[0], (string)row[1]);
            bool isOwn = s_ownRefusals.Any(own => reason.StartsWith(own, StringComparison.Ordinal));
            if (!isOwn && Assemble(Kernels.Text(body)) is null)
                wrong.Add($"{body}\n    refused here: {reason}");
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [SkippableFact]
    public void TheAssemblerReadsTheFixtures()
    {
        RequireAssembler();
        Assert.Null(Assemble(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "fixtures", "kernels.ptx"))));
    }

    private static void RequireAssembler() => Skip.IfNot(Assembler.IsAvailable, "There is no ptxas on the path.");

    /// <returns>What it says, or null where it is content.</returns>
    private static string? Assemble(string text) => Assembler.Assemble(text) is { IsAccepted: false } refused ? refused.Words : null;
}
