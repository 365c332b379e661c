using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Drivers;

/// <summary>Calls as C# text.</summary>
internal static class CallText
{
    /// <summary>The statement that calls a kernel.</summary>
    /// <param name="method">The kernel's method.</param>
    /// <param name="arguments">Those that the call gives.</param>
    /// <param name="samples">C# expression of the number of samples; likewise <paramref name="blocks"/> of 16.</param>
    /// <param name="text">How an argument is written here.</param>
    public static string Kernel(Kernel kernel, string method, IReadOnlyList<Argument> arguments, string samples, string blocks,
        Func<Argument, string> text)
    {
        int next = 0;
        return $"{method}({string.Join(", ", kernel.Parameters.Select(parameter => parameter.Source switch
        {
            ParameterSource.Samples => samples,
            ParameterSource.Blocks => blocks,
            ParameterSource.Call => text(arguments[next++]),
            _ => parameter.Name,
        }))});";
    }

    /// <summary>The statement that calls a method of the runtime.</summary>
    public static string Runtime(RuntimeCall call)
    {
        string loop = call.Groups == 1 ? "" : $"for (int group = 0; group < {Literals.Int(call.Groups)}; group++) ";
        return $"{loop}{call.Method}({string.Join(", ", call.Arguments.Select(Argument))}{(call.IsShared ? ", worker, workers" : "")});";
    }

    /// <summary>An argument that is written alike in every method.</summary>
    public static string Argument(Argument argument) => argument switch
    {
        RepeatedArgument { First: ParameterArgument tensor, Step: var step } => Pointer(tensor, Step(step)),
        RepeatedArgument { First: var first, Step: var step } => Argument(first) + Step(step),
        ParameterArgument tensor => Pointer(tensor),
        ElementArgument element => $"parameters + {Literals.Int(element.Parameter.Offset + element.Start)}",
        PreparedArgument prepared => Literals.Plus(Literals.Plus("prepared", prepared.Offset), prepared.Run),
        ScratchArgument => "scratch",
        StateArgument state => Literals.Plus(EntryPoints.State.Name, state.Offset),
        PositionArgument => EntryPoints.Position.Name,
        CallerArgument caller => caller.Pointer,
        RandomArgument { Key: RandomKey.Seed } => "seed",
        RandomArgument { Key: RandomKey.Step } => "step",
        LossArgument loss => loss.Parameter.Name,
        PassArgument => KernelParameters.Pass.Name,
        NullArgument => "null",
        NumberArgument { Name: { } name } number => $"{name}: {Literals.Int(number.Number)}",
        NumberArgument number => Literals.Int(number.Number) + (number.IsLong ? "L" : ""),
        RealArgument real => Literals.Double(real.Number),
        PhasesArgument phases => PhasedConvolution.New(phases.Phases),
        GroupArgument group => $"{Argument(group.First)} + group * {Literals.Int(group.Stride)}",
        _ => throw new InvalidOperationException($"{argument} depends on the method that has the call."),
    };

    /// <summary>The variable that counts the times of calls that come several times in a row.</summary>
    public const string Repeat = "repeat";

    /// <summary>What is added to an address, or to a number, from time to time.</summary>
    public static string Step(long step)
        => step == 0 ? "" : $" {(step < 0 ? "-" : "+")} {Repeat} * {Literals.Int(Math.Abs(step))}{(Math.Abs(step) > MaxStep ? "L" : "")}";

    /// <summary>Steps whose products with the number of a time certainly have 32 bits: there are no more than 4,096 layers.</summary>
    private const int MaxStep = int.MaxValue / 4096;

    /// <summary>A pointer into the parameters, which are floats, of the type that the kernel takes.</summary>
    private static string Pointer(ParameterArgument tensor, string step = "")
    {
        string address = Address(tensor) + step;
        return tensor.Type is ParameterType.Floats ? address : $"({KernelParameter.NameOf(tensor.Type!.Value)})({address})";
    }

    private static string Address(ParameterArgument tensor)
        => Literals.Plus(tensor.IsGradient ? "gradients" : "parameters", tensor.Offset);
}
