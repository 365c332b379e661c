using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers;
using NetGen.Generator.Layers.Losses;

namespace NetGen.Generator.Tests.Architecture;

/// <summary>
/// No list names layers, losses and what the processor makes of ops; so each must say what it is, where the registries look.
/// </summary>
public class KindTests
{
    [Fact]
    public void EveryLayerAndLossIsFound()
    {
        Assert.Equal(ClassesOf<Layer>(), LayerRegistry.All.Select(layer => layer.GetType()));
        Assert.Equal(ClassesOf<Loss>(), LossRegistry.All.Select(loss => loss.GetType()));
    }

    [Fact]
    public void TheProcessorHasAClassForEveryOp()
    {
        IEnumerable<Type?> found = ClassesOf<Op>().Select(op => CpuOps.Find(op)?.DeclaringType);
        Assert.Equal(ClassesOf<Cpu.CpuOp>(), found.OrderBy(type => type?.FullName, StringComparer.Ordinal));
        Assert.All(ClassesOf<Op>(), op =>
            Assert.True(CpuOps.Find(op)!.DeclaringType!.IsSubclassOf(typeof(Cpu.CpuOp<>).MakeGenericType(op))));
    }

    private static IEnumerable<Type> ClassesOf<T>() => typeof(T).Assembly.GetTypes()
        .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(T))).OrderBy(type => type.FullName, StringComparer.Ordinal);
}
