using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu.Drivers;

/// <summary>
/// What calls are given, as kinds and numbers, in which repetitions are looked for. It is the same for every instruction set, and found for
/// the first.
/// </summary>
/// <param name="plan">Where values lie in the arena.</param>
/// <param name="external">Values that lie in memory of the caller's, with their names.</param>
internal sealed class CallArguments(MemoryPlan plan, IReadOnlyDictionary<Value, string> external)
{
    private readonly Dictionary<KernelCall, RepetitionToken> _calls = [];
    private readonly Dictionary<Value, int> _values = [];

    public MemoryPlan Plan => plan;

    public IReadOnlyDictionary<Value, string> External => external;

    public FactNumbers Facts { get; } = new();

    public RepetitionToken Of(KernelCall call)
    {
        if (!_calls.TryGetValue(call, out RepetitionToken? token))
            _calls.Add(call, token = Of(call.Arguments, call.Domain, call.ForInputGradientOnly, call.ForOutputs ?? 0,
                call.Rows));
        return token;
    }

    /// <param name="facts">What else tells calls apart.</param>
    public RepetitionToken Of(IReadOnlyList<Argument> arguments, params object[] facts)
    {
        int kind = Facts.Of(facts);
        var numbers = new List<long>(arguments.Count);
        foreach (Argument argument in arguments)
            kind = Facts.Join(kind, Add(argument, numbers));
        return new RepetitionToken(kind, numbers.ToArray());
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
        ParameterArgument tensor => tensor.Offset,
        ElementArgument element => element.Parameter.Offset + element.Start,
        PreparedArgument prepared => prepared.Offset,
        StateArgument state => state.Offset,
        NumberArgument { Name: null } number => number.Number,
        _ => null,
    };

    /// <summary>The number of an argument's kind; its own numbers go to the others.</summary>
    private int Add(Argument argument, List<long> numbers)
    {
        switch (argument)
        {
            case GroupArgument group:
                return Facts.Join(Facts.Of(nameof(GroupArgument), group.Stride), Add(group.First, numbers));
            case ValueArgument { Value: { Storage: var owner, StorageStart: var start } }:
                if (PlaceOf(owner) is { } place)
                    numbers.Add(place);
                return start == 0 ? KindOf(owner) : Facts.Join(KindOf(owner), Facts.Of(nameof(ValuePart), start));
        }
        if (NumberOf(argument) is { } own)
            numbers.Add(own);
        return argument switch
        {
            ParameterArgument tensor => Facts.Of(nameof(ParameterArgument), tensor.IsGradient, tensor.Type!),
            ElementArgument => Facts.Of(nameof(ElementArgument)),
            PreparedArgument prepared => Facts.Of(nameof(PreparedArgument), prepared.Run),
            StateArgument => Facts.Of(nameof(StateArgument)),
            NumberArgument { Name: null } number => Facts.Of(nameof(NumberArgument), number.IsLong),
            _ => Facts.Of(argument),
        };
    }

    private int KindOf(Value owner)
    {
        if (!_values.TryGetValue(owner, out int kind))
        {
            kind = external.TryGetValue(owner, out string? name) ? Facts.Of(nameof(external), name)
                : Facts.Of(nameof(ValueArgument), owner.Shape, owner.Layout, plan.Single.Contains(owner));
            _values.Add(owner, kind);
        }
        return kind;
    }
}
