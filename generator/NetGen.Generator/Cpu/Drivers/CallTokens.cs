using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Drivers;

/// <summary>Calls as what repetitions are looked for in, with the names that kernels have for one instruction set.</summary>
internal sealed class CallTokens(KernelNames names, CallArguments arguments)
{
    public RepetitionToken Of(KernelCall call) => Of(call, call.Kernel);

    /// <param name="kernel">What is called: the call's kernel, or its part.</param>
    public RepetitionToken Of(KernelCall call, Kernel kernel) => Named(names.Use(kernel), arguments.Of(call));

    /// <param name="isForInputGradient">It is only needed if the caller asks for the gradient of the input.</param>
    public RepetitionToken Of(PreparedWeights.Step step, bool isForInputGradient) => step switch
    {
        PreparedWeights.KernelStep call => Named(names.Use(call.Kernel), arguments.Of(call.Arguments, isForInputGradient)),
        PreparedWeights.RuntimeStep { Call: var call }
            => Named(call.Method, arguments.Of(call.Arguments, call.IsShared, call.Groups, isForInputGradient)),
        _ => throw new InvalidOperationException($"{step} is no call."),
    };

    /// <summary>Several stretches of calls as one token.</summary>
    public RepetitionToken Of(IEnumerable<IReadOnlyList<KernelCall>> stretches)
    {
        FactNumbers facts = arguments.Facts;
        int kind = FactNumbers.None;
        var numbers = new List<long>();
        foreach (IReadOnlyList<KernelCall> calls in stretches)
        {
            // The numbers of calls tell where one stretch ends.
            kind = facts.Join(kind, facts.Of(calls.Count));
            foreach (RepetitionToken token in calls.Select(Of))
            {
                kind = facts.Join(kind, token.Kind);
                numbers.AddRange(token.Numbers);
            }
        }
        return new RepetitionToken(kind, numbers.ToArray());
    }

    /// <summary>Where a value lies in the arena; null for what the caller has.</summary>
    public long? PlaceOf(Value owner) => arguments.PlaceOf(owner);

    private RepetitionToken Named(string name, RepetitionToken token)
        => new(arguments.Facts.Join(arguments.Facts.Of(name), token.Kind), token.Numbers);
}
