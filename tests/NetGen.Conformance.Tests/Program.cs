using System.Globalization;
using NetGen.CompilerServices;
using NetGen.Conformance.Tests.Harness;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests;

/// <summary>
/// What the child processes of <see cref="Behaviour.InstructionSetTests"/> run, in which the environment takes instruction sets away:
/// prints the width that a session chooses, and compares a few networks with the interpreter on every width that is left.
/// </summary>
internal static class Program
{
    private static readonly string[] Stacks =
    [
        "in:3x10x10 conv:17,k3,p1 relu max:k2 conv:32,k3,s2,p1 gelu flatten linear:20 tanh linear:10 ce",
        "in:1x12x12 conv:6,k5,p2 sigmoid avg:k2 res[ conv:6,k3,p1 ] flatten linear:33 softmax mse",
        "in:16 linear:32 relu linear:16 relu linear:4 ce",
    ];

    public static int Main(string[] arguments)
    {
        if (arguments is not ["instruction-sets"])
        {
            Console.Error.WriteLine("Run the tests with dotnet test.");
            return 2;
        }
        try
        {
            Stack[] stacks = Stacks.Select((text, i) => Stack.Parse(text, "Child" + i.ToString(CultureInfo.InvariantCulture))).ToArray();
            using NetworkCompiler net10 = NetworkCompiler.Compile(stacks, Consumer.Net10OfEveryWidth),
                net8 = NetworkCompiler.Compile(stacks, Consumer.Net8);
            foreach (Stack stack in stacks)
            {
                INetworkInstance net = net10.Networks[stack.Name].Create(1);
                using (ISessionAdapter session = net.CreateSession())
                    Console.WriteLine($"width {(int)session.VectorWidth}");
                foreach (VectorWidth width in new[] { VectorWidth.Vector128, VectorWidth.Vector256, VectorWidth.Vector512 })
                {
                    if (VectorSupport.IsSupported(width))
                        continue;
                    try
                    {
                        net.CreateSession(1, new SessionOptions { VectorWidth = width }).Dispose();
                        throw new InvalidOperationException($"A session took {width}, which is not supported here.");
                    }
                    catch (PlatformNotSupportedException refused)
                    {
                        Console.WriteLine("refused " + refused.Message);
                    }
                }
                NetworkChecker.Check(consumer => (consumer == Consumer.Net8 ? net8 : net10).Networks[stack.Name], stack, 3, [1, 3, 17],
                    CodeForm.All.Select(form => new Configuration(Backend.Cpu, form, 1)));
            }
            Console.WriteLine("checked " + string.Join(" ", NetworkChecker.Widths.Select(w => (int)w)));
            return 0;
        }
        catch (Exception failure)
        {
            Console.Error.WriteLine(failure);
            return 1;
        }
    }
}
