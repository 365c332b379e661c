using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

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
                    arguments.Add(CallTokens.Stepped(call.Arguments[k], next.Arguments[k]));
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

/// <summary>Calls as what repetitions are looked for in.</summary>
/// <param name="external">Values that lie in memory of the caller's, with their names.</param>
internal sealed class CallTokens(KernelNames names, MemoryPlan plan, IReadOnlyDictionary<Value, string> external)
{
    public RepetitionToken Of(KernelCall call) => Of(call, call.Kernel);

    /// <param name="kernel">What is called: the call's kernel, or its part.</param>
    public RepetitionToken Of(KernelCall call, Kernel kernel)
    {
        var kind = new List<string> { names.Use(kernel), call.Domain.ToString(), call.ForInputGradientOnly ? "gradient" : "" };
        var numbers = new List<long>();
        foreach (Argument argument in call.Arguments)
            Add(argument, kind, numbers);
        return new RepetitionToken(kind.ToEquatableArray(), numbers.ToArray());
    }

    public RepetitionToken Of(PreparedWeights.Step step)
    {
        var kind = new List<string>();
        var numbers = new List<long>();
        switch (step)
        {
            case PreparedWeights.KernelStep call:
                kind.Add(names.Use(call.Kernel));
                foreach (Argument argument in call.Arguments)
                    Add(argument, kind, numbers);
                break;
            case PreparedWeights.RuntimeStep { Call: var call }:
                kind.AddRange([call.Method, call.IsShared.ToString(), Literals.Int(call.Groups)]);
                foreach (Argument argument in call.Arguments)
                    Add(argument, kind, numbers);
                break;
        }
        return new RepetitionToken(kind.ToEquatableArray(), numbers.ToArray());
    }

    /// <summary>Where a value lies in the arena; null for what the caller has.</summary>
    public long? PlaceOf(Value owner) => external.ContainsKey(owner) ? null : plan.Offsets[owner];

    /// <summary>An argument whose address moves on from time to time.</summary>
    public static Argument Stepped(Argument first, Argument next)
    {
        switch (first, next)
        {
            case (GroupArgument group, GroupArgument other):
                return group with { First = Stepped(group.First, other.First) };
            case (PhasesArgument, _) or (RealArgument, _):
                return first;
        }
        long step = NumberOf(first) is { } number ? NumberOf(next)!.Value - number : 0;
        return step == 0 ? first : new RepeatedArgument(first, step);
    }

    private static long? NumberOf(Argument argument) => argument switch
    {
        ParameterArgument tensor => tensor.Parameter.Offset,
        ElementArgument element => element.Parameter.Offset + element.Start,
        PreparedArgument prepared => prepared.Offset,
        NumberArgument { Name: null } number => number.Number,
        _ => null,
    };

    private void Add(Argument argument, List<string> kind, List<long> numbers)
    {
        switch (argument)
        {
            case ValueArgument { Value.Storage: var owner } when PlaceOf(owner) is { } place:
                kind.Add($"value {owner.Shape} {owner.Layout} {plan.Single.Contains(owner)}");
                numbers.Add(place);
                break;
            case ValueArgument { Value.Storage: var owner }:
                kind.Add($"external {external[owner]}");
                break;
            case ParameterArgument tensor:
                kind.Add($"parameter {tensor.IsGradient} {tensor.Type}");
                break;
            case ElementArgument:
                kind.Add("element");
                break;
            case PreparedArgument prepared:
                kind.Add($"prepared {prepared.Run}");
                break;
            case NumberArgument { Name: null } number:
                kind.Add($"number {number.IsLong}");
                break;
            case GroupArgument group:
                kind.Add($"group {group.Stride}");
                Add(group.First, kind, numbers);
                return;
            default:
                kind.Add(argument is RandomArgument random ? random.Key.ToString() : CallText.Argument(argument));
                return;
        }
        if (NumberOf(argument) is { } own)
            numbers.Add(own);
    }
}
