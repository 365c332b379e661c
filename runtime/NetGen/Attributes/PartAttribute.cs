namespace NetGen;

/// <summary>
/// Another network as a layer: y = network(x). The parameters are that network's own, and the property of this name gives it as what it is,
/// with its sessions, its trainers and its files: what one of the two trains, the other computes with.
/// </summary>
/// <remarks>
/// The part's loss means nothing here. Its parameters lie in the memory of the network around it, and neither may be trained while a
/// session or trainer of the other runs on another thread. With <see cref="LayerAttribute.Frozen"/> the network around leaves the part as
/// it is: a generator learns through a frozen discriminator, which <c>gan.Discriminator.CreateTrainer</c> trains.
/// </remarks>
/// <typeparam name="TNetwork">
/// A class of this project marked <see cref="NetworkAttribute"/>, with the dimensions of its one input there and without <see
/// cref="InputAttribute"/> and <see cref="OutputAttribute"/>.
/// </typeparam>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class PartAttribute<TNetwork> : LayerAttribute
    where TNetwork : class;
