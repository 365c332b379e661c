using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Drivers;

/// <summary>
/// Calls that come several times in a row, for equal layers, as one of their times: how far its addresses are from those of the next time
/// stands in its arguments and in <paramref name="Steps"/>.
/// </summary>
/// <param name="Count">How often they come.</param>
/// <param name="Steps">
/// Floats from a value's place to that of the value of the next time, for each sample where all samples are kept.
/// </param>
/// <param name="LastLayer">The last of the layers.</param>
internal sealed record RepeatedCalls(IReadOnlyList<KernelCall> Calls, int Count, IReadOnlyDictionary<Value, long> Steps, string? LastLayer)
{
    /// <summary>The first time of a repetition; null if its values are not as far apart everywhere as they are in one place.</summary>
    public static RepeatedCalls? Of(IReadOnlyList<KernelCall> calls, Repetition repetition, CallTokens tokens)
    {
        var steps = new Dictionary<Value, long>();
        var first = new List<KernelCall>();
        for (int i = repetition.Start; i < repetition.Start + repetition.Period; i++)
        {
            KernelCall call = calls[i], next = calls[i + repetition.Period];
            var arguments = new List<Argument>();
            for (int k = 0; k < call.Arguments.Count; k++)
            {
                if (call.Arguments[k] is not ValueArgument { Value: var value } || tokens.PlaceOf(value.Storage) is not { } place)
                {
                    arguments.Add(CallArguments.Stepped(call.Arguments[k], next.Arguments[k]));
                    continue;
                }
                long step = tokens.PlaceOf(((ValueArgument)next.Arguments[k]).Value.Storage)!.Value - place;
                if (steps.TryGetValue(value.Storage, out long known) && known != step)
                    return null;
                steps[value.Storage] = step;
                arguments.Add(call.Arguments[k]);
            }
            first.Add(call.With(arguments));
        }
        return new RepeatedCalls(first, repetition.Count, steps, calls[repetition.End - 1].Node?.Name);
    }
}
